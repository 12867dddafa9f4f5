//! Object identifiers, as they are in DER.

/// 1.2.840.113549.1.1.1
pub(in crate::builtins) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
/// 1.2.840.10045.2.1
pub(in crate::builtins) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
/// 1.2.840.10045.3.1.7
pub(in crate::builtins) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
/// 1.3.132.0.34
pub(in crate::builtins) const P384: &[u8] = &[0x2b, 0x81, 0x04, 0, 0x22];
/// 1.3.132.0.35
pub(in crate::builtins) const P521: &[u8] = &[0x2b, 0x81, 0x04, 0, 0x23];
/// 1.3.101.112
pub(in crate::builtins) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
