//! `\p{...}`: General_Category, Script, Script_Extensions and the binary properties of ECMA-262. Names are read as
//! Unicode reads them: `_`, the case of letters and a leading `is` do not count.

#[cfg(feature = "unicode")]
mod tables;

use super::set::Set;

pub(super) fn property(name: &str) -> Result<Set, String> {
    #[cfg(feature = "unicode")]
    return tables::property(name).ok_or_else(|| format!(r"`\p{{{name}}}` is no property of ECMA-262"));
    #[cfg(not(feature = "unicode"))]
    Err(format!(
        "`\\p{{{name}}}` needs the tables of Unicode, which this build leaves out: import `countersign/edge` or \
         `countersign`, or the crate with its feature `unicode`"
    ))
}
