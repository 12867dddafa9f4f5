//! How a closed list of codes is written: one line per code, with its text and its meaning.

/// An enum whose variants have a text and a meaning, and optional families whose members have names of their own.
macro_rules! codes {
    (
        $(#[$about:meta])*
        pub enum $name:ident { $($variant:ident => $text:literal, $meaning:literal;)+ }
        $(families { $($(#[$doc:meta])* $family:ident($member:ty),)+ })?
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $meaning] $variant,)+
            $($($(#[$doc])* $family($member),)+)?
        }

        impl $name {
            /// Every code with its meaning, except the families.
            pub const TABLE: &'static [(&'static str, &'static str)] = &[$(($text, $meaning)),+];

            fn fixed(&self) -> Option<&'static str> {
                match self {
                    $($name::$variant => Some($text),)+
                    $($($name::$family(_) => None,)+)?
                }
            }
        }
    };
}

pub(crate) use codes;
