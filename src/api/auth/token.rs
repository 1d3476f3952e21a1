//! The key itself: `waqia_<public part>_<secret>`, random, kept as an argon2 hash.
//!
//! The public part finds the row, so that only a key that is there costs a hash. The secret has 160 random bits.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use sha2::{Digest, Sha256};

const PREFIX: &str = "waqia_";
/// Crockford's base 32, 5 bits a digit.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const N_PUBLIC: usize = 8;
const N_SECRET: usize = 32;

/// Why no key could be made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The system gave no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[source] getrandom::Error),
    /// The hash failed, for want of memory.
    #[error("cannot hash the key")]
    Hash(#[source] argon2::password_hash::Error),
}

/// A new key, as only its owner gets to see it.
///
/// # Errors
/// When the system gives no random bytes.
pub fn generate() -> Result<String, TokenError> {
    let mut bytes = [0; N_PUBLIC + N_SECRET];
    getrandom::fill(&mut bytes).map_err(TokenError::Random)?;
    let digits: String = bytes.iter().map(|b| char::from(DIGITS[usize::from(b & 31)])).collect();
    let (public, secret) = digits.split_at(N_PUBLIC);
    Ok(format!("{PREFIX}{public}_{secret}"))
}

/// The public part of a key; `None` for what cannot be one.
pub fn public_part(token: &str) -> Option<&str> {
    let (public, secret) = token.strip_prefix(PREFIX)?.split_once('_')?;
    let fits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| DIGITS.contains(&b));
    (fits(public, N_PUBLIC) && fits(secret, N_SECRET)).then_some(public)
}

/// What is stored of a key: Argon2id with the crate's defaults (19 MiB, 2 passes), which are those that OWASP's Password Storage Cheat
/// Sheet asks for; tens of milliseconds.
///
/// # Errors
/// When there is no memory for it.
pub fn hash(token: &str) -> Result<String, TokenError> {
    Argon2::default().hash_password(token.as_bytes()).map(|hash| hash.to_string()).map_err(TokenError::Hash)
}

/// Whether this key has that hash; as slow as [`hash`].
pub fn verify(token: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(token.as_bytes(), &hash).is_ok())
}

/// What a key that was verified is known by from then on.
pub fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_has_a_public_part_and_verifies() {
        let (one, other) = (generate().unwrap(), generate().unwrap());
        assert_eq!(public_part(&one).unwrap(), &one[6..14]);
        assert_ne!(one[15..], other[15..]);
        let hash = hash(&one).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && !hash.contains(&one[15..]), "{hash}");
        assert!(verify(&one, &hash));
        assert!(!verify(&other, &hash));
        assert!(!verify(&one, "no hash"));
    }

    #[test]
    fn what_cannot_be_a_key_is_told_without_a_hash() {
        let good = "waqia_0123456z_0123456789abcdefghjkmnpqrstvwxyz";
        assert_eq!(public_part(good), Some("0123456z"));
        let long = format!("{good}0");
        for bad in [
            "",
            "waqia_",
            "waqia__",
            "0123456z",
            &good[..46],
            &long,
            &good.to_uppercase(),
            &good.replace('z', "é"),
            &good.replace('b', " "),
            &good.replace('b', "_"),
        ] {
            assert_eq!(public_part(bad), None, "{bad}");
        }
    }
}
