//! 公钥. A public key of SSH as text: whether it is one, and its fingerprint.

use sha2::{Digest as _, Sha256};

use crate::domain::value::Bilingual;

/// Types that are taken. DSA is broken, and certificates are not keys.
const TYPES: [&str; 7] = [
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-rsa",
];
/// No field of a key is longer: an RSA modulus of 16,384 bits and its leading zero.
const MOST: usize = 2049;
/// The shortest RSA modulus that OpenSSH's own tools still make, in bits.
const SHORTEST_RSA: usize = 2048;

/// 公钥
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// `ssh-ed25519` and the like.
    pub kind: String,
    /// The key in base64, as it stands in files.
    pub base64: String,
    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    pub fingerprint: String,
}

impl PublicKey {
    /// Reads `TYPE BASE64 [COMMENT]`, as a `.pub` file has it.
    ///
    /// # Errors
    /// Why it is no public key that may be used.
    pub fn parse(text: &str) -> Result<Self, Bilingual> {
        if text.contains("PRIVATE KEY") {
            return Err(Bilingual::new(
                "这是私钥，不要交给任何人；要的是 .pub 文件",
                "this is a private key, which nobody else should have: the .pub file is wanted",
            ));
        }
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Err(Bilingual::new("应当是一行公钥", "one line with one public key is wanted"));
        };
        let mut parts = line.split_ascii_whitespace();
        let (kind, base64) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if !TYPES.contains(&kind) {
            let types = TYPES.join(" ");
            return Err(Bilingual::new(
                format!("公钥类型「{}」不接受；可用：{types}", shown(kind)),
                format!("a key of type {:?} is not taken; there are {types}", shown(kind)),
            ));
        }
        let broken = || Bilingual::new("公钥内容不完整或被改动", "the key is cut off or was changed");
        let blob = decoded(base64).ok_or_else(broken)?;
        let fields = fields(&blob).filter(|f| f.first() == Some(&kind.as_bytes())).ok_or_else(broken)?;
        if !whole(kind, &fields) {
            return Err(broken());
        }
        if kind == "ssh-rsa" && bits(fields[2]) < SHORTEST_RSA {
            return Err(Bilingual::new(
                format!("RSA 密钥短于 {SHORTEST_RSA} 位，请换 ed25519"),
                format!("an RSA key of less than {SHORTEST_RSA} bits: make an ed25519 one"),
            ));
        }
        Ok(Self { kind: kind.to_owned(), base64: base64.to_owned(), fingerprint: fingerprint(&blob) })
    }
}

/// The fingerprint of a key as sshd writes it into the file of `SSH_USER_AUTH`: `publickey TYPE BASE64`. Certificates
/// count here as what they are.
#[must_use]
pub fn proved(auth_info: &str) -> Option<String> {
    let line = auth_info.lines().find_map(|line| line.strip_prefix("publickey "))?;
    let blob = decoded(line.split_ascii_whitespace().nth(1)?)?;
    Some(fingerprint(&blob))
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

/// How many fields follow the type, and how long they are where that is fixed.
fn whole(kind: &str, fields: &[&[u8]]) -> bool {
    let lengths: Vec<usize> = fields.iter().map(|f| f.len()).collect();
    match kind {
        "ssh-ed25519" => matches!(lengths[..], [_, 32]),
        "sk-ssh-ed25519@openssh.com" => matches!(lengths[..], [_, 32, 1..=MOST]),
        "ecdsa-sha2-nistp256" => matches!(lengths[..], [_, 8, 65]),
        "ecdsa-sha2-nistp384" => matches!(lengths[..], [_, 8, 97]),
        "ecdsa-sha2-nistp521" => matches!(lengths[..], [_, 8, 133]),
        "sk-ecdsa-sha2-nistp256@openssh.com" => matches!(lengths[..], [_, 8, 65, 1..=MOST]),
        "ssh-rsa" => matches!(lengths[..], [_, 1..=8, 1..=MOST]),
        _ => false,
    }
}

/// Bits of a number that is written with a leading zero where its first bit is set.
fn bits(number: &[u8]) -> usize {
    let digits: &[u8] = &number[number.iter().take_while(|byte| **byte == 0).count()..];
    digits.first().map_or(0, |first| digits.len() * 8 - first.leading_zeros() as usize)
}

/// The fields of a key, each with its length in four bytes before it; none where they do not fill it.
fn fields(mut blob: &[u8]) -> Option<Vec<&[u8]>> {
    let mut fields = Vec::new();
    while !blob.is_empty() {
        let (length, rest) = blob.split_first_chunk::<4>()?;
        let (field, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        fields.push(field);
        blob = rest;
    }
    Some(fields)
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 in whole groups of four.
fn decoded(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || !text.len().is_multiple_of(4) {
        return None;
    }
    let digits = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text).as_bytes();
    let mut bytes = Vec::with_capacity(digits.len());
    let (mut held, mut count) = (0_u32, 0);
    for digit in digits {
        let value = DIGITS.iter().position(|d| d == digit)?;
        held = (held << 6 | u32::try_from(value).ok()?) & 0x00ff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(held >> count & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// `SHA256:` and the hash of a key in base64 without its padding.
fn fingerprint(blob: &[u8]) -> String {
    let hash = Sha256::digest(blob);
    let mut text = String::from("SHA256:");
    for group in hash.chunks(3) {
        let bytes = [group[0], *group.get(1).unwrap_or(&0), *group.get(2).unwrap_or(&0)];
        let held = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
        text.extend((0..=group.len()).map(|i| char::from(DIGITS[(held >> (18 - 6 * i) & 63) as usize])));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJrA9kuAxXImYgmP/7tsXFgtuflcJOc6lyzBpZy3I9Bm zhang@pc";

    #[test]
    fn a_key_has_the_fingerprint_of_ssh_keygen() {
        let key = PublicKey::parse(&format!("{ED}\n")).expect("a key");
        assert_eq!(key.kind, "ssh-ed25519");
        assert_eq!(key.fingerprint, "SHA256:tkZr4x/1rYGRFTndYI4bmtd65o0h4DqvhFJDpk0zpSw");
        let told = format!("publickey {}\n", ED.trim_end_matches(" zhang@pc"));
        assert_eq!(proved(&told), Some(key.fingerprint));
        assert_eq!(proved("password\n"), None);
        // The hash of nothing at all is known to everybody.
        assert_eq!(fingerprint(b""), "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU");
    }

    #[test]
    fn what_is_no_key_is_refused_and_says_why() {
        let why = |text: &str| PublicKey::parse(text).expect_err(text).en;
        assert!(why("-----BEGIN OPENSSH PRIVATE KEY-----\nabc").contains("private"));
        assert!(why("").contains("one line"));
        assert!(why(&format!("{ED}\n{ED}")).contains("one line"));
        assert!(why("ssh-dss AAAA").contains("ssh-dss"));
        assert!(why(&format!("command=\"sh\" {ED}")).contains("not taken"));
        assert!(why(&ED.replace("AAAAC3", "AAAAC4")).contains("cut off"));
        assert!(why(&ED.replace("Zy3I9Bm", "Zy")).contains("cut off"));
        // The type outside is not the one inside.
        assert!(why(&ED.replace("ssh-ed25519", "ssh-rsa")).contains("cut off"));
    }

    #[test]
    fn a_short_rsa_key_is_refused() {
        let short = [&[0, 0, 0, 7][..], b"ssh-rsa", &[0, 0, 0, 1, 3], &[0, 0, 0, 129, 0], &[0xff; 128]].concat();
        assert_eq!(fields(&short).map(|f| bits(f[2])), Some(1024));
        let digits = |blob: &[u8]| {
            let whole = blob.chunks(3).flat_map(|g| {
                let held = u32::from_be_bytes([0, g[0], *g.get(1).unwrap_or(&0), *g.get(2).unwrap_or(&0)]);
                (0..4).map(
                    move |i| {
                        if i > g.len() { '=' } else { char::from(DIGITS[(held >> (18 - 6 * i) & 63) as usize]) }
                    },
                )
            });
            whole.collect::<String>()
        };
        let why = PublicKey::parse(&format!("ssh-rsa {}", digits(&short))).expect_err("short");
        assert!(why.en.contains("2048"), "{}", why.en);
    }
}
