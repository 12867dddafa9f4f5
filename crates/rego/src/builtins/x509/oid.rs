//! Object identifiers, as they are in DER.

/// `rsaEncryption`, 1.2.840.113549.1.1.1.
pub(in crate::builtins) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
/// `RSASSA-PSS`, 1.2.840.113549.1.1.10.
pub(super) const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
/// What the algorithms of RSA begin with, 1.2.840.113549.1.1.
pub(super) const PKCS1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];
/// 1.2.840.10045.2.1
pub(in crate::builtins) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
/// What the algorithms of ECDSA with SHA-2 begin with, 1.2.840.10045.4.3.
pub(super) const ECDSA_SHA2: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3];
/// 1.2.840.10045.3.1.7
pub(in crate::builtins) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
/// 1.3.132.0.34
pub(in crate::builtins) const P384: &[u8] = &[0x2b, 0x81, 0x04, 0, 0x22];
/// 1.3.132.0.35
pub(in crate::builtins) const P521: &[u8] = &[0x2b, 0x81, 0x04, 0, 0x23];
/// 1.3.101.112
pub(in crate::builtins) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
/// What the hashes of SHA-2 begin with, 2.16.840.1.101.3.4.2.
pub(super) const SHA2: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 3, 4, 2];
/// What the parts of a name begin with, 2.5.4.
pub(super) const NAME: &[u8] = &[0x55, 4];
/// What the extensions of certificates begin with, 2.5.29.
pub(super) const EXTENSION: &[u8] = &[0x55, 0x1d];
/// Where to ask about a certificate, 1.3.6.1.5.5.7.1.1.
pub(super) const AUTHORITY_ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
/// What the ways to ask begin with, 1.3.6.1.5.5.7.48.
pub(super) const ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30];
/// The extensions that a request asks for, 1.2.840.113549.1.9.14.
pub(super) const REQUESTED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 14];

/// What a key may be used for, in the order of Go's numbers.
pub(super) const USAGES: &[(&str, &[u8])] = &[
    ("KeyUsageAny", &[0x55, 0x1d, 0x25, 0]),
    ("KeyUsageServerAuth", &[0x2b, 6, 1, 5, 5, 7, 3, 1]),
    ("KeyUsageClientAuth", &[0x2b, 6, 1, 5, 5, 7, 3, 2]),
    ("KeyUsageCodeSigning", &[0x2b, 6, 1, 5, 5, 7, 3, 3]),
    ("KeyUsageEmailProtection", &[0x2b, 6, 1, 5, 5, 7, 3, 4]),
    ("KeyUsageIPSECEndSystem", &[0x2b, 6, 1, 5, 5, 7, 3, 5]),
    ("KeyUsageIPSECTunnel", &[0x2b, 6, 1, 5, 5, 7, 3, 6]),
    ("KeyUsageIPSECUser", &[0x2b, 6, 1, 5, 5, 7, 3, 7]),
    ("KeyUsageTimeStamping", &[0x2b, 6, 1, 5, 5, 7, 3, 8]),
    ("KeyUsageOCSPSigning", &[0x2b, 6, 1, 5, 5, 7, 3, 9]),
    ("KeyUsageMicrosoftServerGatedCrypto", &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 3]),
    ("KeyUsageNetscapeServerGatedCrypto", &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 4, 1]),
    ("KeyUsageMicrosoftCommercialCodeSigning", &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 1, 0x16]),
    ("KeyUsageMicrosoftKernelCodeSigning", &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x3d, 1, 1]),
];

/// Its numbers.
pub(super) fn numbers(oid: &[u8]) -> Option<Vec<i64>> {
    let mut numbers = Vec::new();
    let mut number = 0i64;
    for byte in oid {
        number = number.checked_mul(128)? | i64::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            continue;
        }
        if numbers.is_empty() {
            let first = (number / 40).min(2);
            numbers.extend([first, number - first * 40]);
        } else {
            numbers.push(number);
        }
        number = 0;
    }
    Some(numbers)
}
