//! Names that stay: of events in calendars (`UID`) and of feeds and their entries (`id`).

use crate::archive::Site;

/// A UUID of version 8 (RFC 9562 §5.8), as RFC 7986 §5.3 asks for in `UID`: 122 bits of a hash of the site's id and of what is named,
/// mostly the path of a page. Neither a build, nor the day, nor the address of the site is in it.
pub(super) fn uuid(site: &Site, what: &str) -> String {
    let hash = blake3::hash(format!("{}\n{what}", site.id).as_bytes());
    let mut octets = [0; 16];
    octets.copy_from_slice(&hash.as_bytes()[..16]);
    octets[6] = octets[6] & 0x0f | 0x80;
    octets[8] = octets[8] & 0x3f | 0x80;
    let digits: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuids_that_follow_from_the_site_and_what_is_named() {
        let site = |id: &str| Site { id: id.into(), ..crate::pages::tests::site().archive.site.clone() };
        let ids = [("a", "/meetups/1/"), ("a", "/meetups/2/"), ("b", "/meetups/1/")].map(|(id, what)| uuid(&site(id), what));
        assert!(ids[0] != ids[1] && ids[0] != ids[2] && ids[0] == uuid(&site("a"), "/meetups/1/"));
        for id in ids {
            assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{id}");
            assert!(id.bytes().all(|c| c == b'-' || c.is_ascii_hexdigit() && !c.is_ascii_uppercase()), "{id}");
            // RFC 9562 §4.1 and §4.2: the variant and the version.
            assert!(id.as_bytes()[14] == b'8' && b"89ab".contains(&id.as_bytes()[19]), "{id}");
        }
    }
}
