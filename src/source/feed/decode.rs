//! Bytes to text: byte order mark, HTTP charset, XML declaration, and a guess where all of them are wrong.
//!
//! In: the bytes of an answer and its `Content-Type`. Out: UTF-8, borrowed where the bytes already are, and the
//! name of the encoding. Never fails: what cannot be decoded becomes U+FFFD and is told as a problem.

use super::problems::problem;
use crate::model::Problem;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// How far into the document an XML declaration may reach.
const DECLARATION_REACH_BYTES: usize = 512;

/// How far into a page its `<meta charset>` may stand: the standard says 1,024 bytes, pages do not.
const PAGE_REACH_BYTES: usize = 4096;

/// The bytes that the guess looks at; chardetng has made up its mind long before.
const GUESS_BYTES: usize = 256 * 1024;

/// Names that programs write and the WHATWG's list does not know.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("cp932", "shift_jis"),
    ("ms932", "shift_jis"),
    ("cp936", "gbk"),
    ("cp949", "euc-kr"),
    ("ms949", "euc-kr"),
    ("uhc", "euc-kr"),
    ("cp950", "big5"),
    ("cp874", "windows-874"),
    ("latin-1", "iso-8859-1"),
    ("latin-9", "iso-8859-15"),
    ("macroman", "macintosh"),
    ("mac-roman", "macintosh"),
    ("x-mac-roman", "macintosh"),
    ("mac-cyrillic", "x-mac-cyrillic"),
    ("win-1251", "windows-1251"),
    ("win-1252", "windows-1252"),
    ("ansi", "windows-1252"),
];

/// A decoded answer.
#[derive(Debug)]
pub struct Decoded<'b> {
    /// The text without a byte order mark.
    pub text: Cow<'b, str>,
    /// The name of the encoding, lower case: as declared where that held, else the WHATWG name.
    pub encoding: String,
    /// What was declared wrongly.
    pub problems: Vec<Problem>,
}

/// Decodes `bytes`.
#[must_use]
pub fn decode<'b>(bytes: &'b [u8], content_type: Option<&str>) -> Decoded<'b> {
    if let Some(decoded) = by_bytes(bytes) {
        return decoded;
    }
    let http = content_type.and_then(charset_parameter);
    let declared = declared_encoding(bytes);
    let labels = [http.as_deref(), declared.as_deref()];
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => ascii(text, labels, content_type),
        Ok(text) => utf8_or_labelled(text, labels),
        Err(_) => labelled_or_guessed(bytes, labels),
    }
}

/// A byte order mark, or the zero bytes around the first `<` or `{`.
fn by_bytes(bytes: &[u8]) -> Option<Decoded<'_>> {
    match *bytes {
        [0xef, 0xbb, 0xbf, ref rest @ ..] => Some(with(rest, UTF_8, "utf-8")),
        [0xff, 0xfe, 0, 0, ref rest @ ..] => Some(utf32(rest, u32::from_le_bytes, "utf-32le")),
        [0, 0, 0xfe, 0xff, ref rest @ ..] => Some(utf32(rest, u32::from_be_bytes, "utf-32be")),
        [b'<' | b'{', 0, 0, 0, ..] => Some(utf32(bytes, u32::from_le_bytes, "utf-32le")),
        [0, 0, 0, b'<' | b'{', ..] => Some(utf32(bytes, u32::from_be_bytes, "utf-32be")),
        [0xff, 0xfe, ref rest @ ..] => Some(with(rest, UTF_16LE, "utf-16le")),
        [0xfe, 0xff, ref rest @ ..] => Some(with(rest, UTF_16BE, "utf-16be")),
        [b'<' | b'{', 0, _, 0, ..] => Some(with(bytes, UTF_16LE, "utf-16le")),
        [0, b'<' | b'{', 0, _, ..] => Some(with(bytes, UTF_16BE, "utf-16be")),
        _ => None,
    }
}

/// ASCII is the same text in nearly every encoding, so whatever was declared holds.
fn ascii<'b>(text: &'b str, labels: [Option<&str>; 2], content_type: Option<&str>) -> Decoded<'b> {
    let is_narrow = |(_, encoding): &(&str, &Encoding)| *encoding != UTF_16BE && *encoding != UTF_16LE;
    let label = labels.into_iter().flatten().filter_map(known).find(is_narrow);
    if let Some((label, encoding)) = label.filter(|(_, encoding)| !encoding.is_ascii_compatible()) {
        return with(text.as_bytes(), encoding, label);
    }
    // RFC 3023: `text/xml` without a charset is US-ASCII, which the bytes confirm.
    let is_text_xml = content_type.is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("text/xml"));
    let name = label.map_or(if is_text_xml { "us-ascii" } else { "utf-8" }, |(label, _)| label);
    Decoded { text: Cow::Borrowed(text), encoding: name.to_ascii_lowercase(), problems: Vec::new() }
}

/// Valid UTF-8 that is not ASCII: a single-byte label is then wrong, a multi-byte one may be right.
fn utf8_or_labelled<'b>(text: &'b str, labels: [Option<&str>; 2]) -> Decoded<'b> {
    let mut problems = Vec::new();
    if let Some((label, encoding)) = labels.into_iter().flatten().find_map(known)
        && encoding != UTF_8
    {
        let says_utf8 = labels.into_iter().flatten().any(|label| known(label).is_some_and(|(_, e)| e == UTF_8));
        let is_wide = encoding == UTF_16BE || encoding == UTF_16LE;
        if !encoding.is_single_byte() && !is_wide && !says_utf8 {
            let (decoded, had_errors) = encoding.decode_without_bom_handling(text.as_bytes());
            if !had_errors {
                return Decoded { text: decoded, encoding: label.to_ascii_lowercase(), problems };
            }
        }
        problems.push(problem(format!("declared as {label}, but it is utf-8; read as utf-8"), Some(1)));
    }
    Decoded { text: Cow::Borrowed(text), encoding: "utf-8".to_owned(), problems }
}

/// Not UTF-8: the first label that decodes without an error, else the guess, else UTF-8 with holes.
fn labelled_or_guessed<'b>(bytes: &'b [u8], labels: [Option<&str>; 2]) -> Decoded<'b> {
    for (label, encoding) in labels.into_iter().flatten().filter_map(known) {
        if encoding == UTF_8 || encoding == UTF_16BE || encoding == UTF_16LE {
            continue;
        }
        let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
        if !had_errors {
            return Decoded { text, encoding: label.to_ascii_lowercase(), problems: Vec::new() };
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes.get(..GUESS_BYTES).unwrap_or(bytes), true);
    let guess = if is_mostly_utf8(bytes) { UTF_8 } else { detector.guess(None, Utf8Detection::Deny) };
    let mut decoded = with(bytes, guess, &guess.name().to_ascii_lowercase());
    let declared = labels.into_iter().flatten().next().unwrap_or("utf-8");
    let message = format!("the bytes are not {declared}; read as {}", decoded.encoding);
    decoded.problems = vec![problem(message, None)];
    decoded
}

/// Whether most of what is not ASCII is well-formed UTF-8: then a few broken bytes are holes, not another encoding.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 2 * bad
}

fn known(label: &str) -> Option<(&str, &'static Encoding)> {
    let encoding = Encoding::for_label(label.trim().as_bytes()).or_else(|| {
        let spelled = label.trim().to_ascii_lowercase().replace('_', "-").replace("iso8859", "iso-8859");
        let standard = OTHER_NAMES.iter().find(|(name, _)| *name == spelled).map(|(_, standard)| *standard);
        Encoding::for_label(standard.unwrap_or(&spelled).as_bytes())
    });
    // "hz-gb-2312" and its like stand for nothing but U+FFFD: they are not read in browsers.
    encoding.filter(|encoding| *encoding != REPLACEMENT).map(|encoding| (label, encoding))
}

fn with<'b>(bytes: &'b [u8], encoding: &'static Encoding, name: &str) -> Decoded<'b> {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let message = || problem(format!("some bytes are not {name}; they became \u{fffd}"), None);
    let problems = if had_errors { vec![message()] } else { Vec::new() };
    Decoded { text, encoding: name.to_ascii_lowercase(), problems }
}

fn utf32<'b>(bytes: &'b [u8], read: fn([u8; 4]) -> u32, name: &str) -> Decoded<'b> {
    let units = bytes.chunks_exact(4).filter_map(|unit| <[u8; 4]>::try_from(unit).ok()).map(read);
    let text: String = units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Decoded { text: Cow::Owned(text), encoding: name.to_owned(), problems: Vec::new() }
}

/// `charset` of a `Content-Type`, without quotes.
fn charset_parameter(content_type: &str) -> Option<String> {
    let parameters = content_type.split(';').skip(1).filter_map(|part| part.split_once('='));
    let (_, value) = parameters.into_iter().find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    let label = value.trim().trim_matches(['"', '\'']).trim();
    (!label.is_empty()).then(|| label.to_owned())
}

/// `encoding` of the XML declaration.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..DECLARATION_REACH_BYTES).unwrap_or(bytes);
    let (head, _) = WINDOWS_1252.decode_without_bom_handling(head);
    let Some(declaration) = head.trim_start().strip_prefix("<?xml") else { return declared_in_page(bytes) };
    let declaration = declaration.split("?>").next()?;
    let (_, after) = declaration.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next().map(|label| label.trim().to_owned())
}

/// `charset` of a `<meta>` in the head of a web page (HTML, 13.2.3.2).
fn declared_in_page(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..PAGE_REACH_BYTES).unwrap_or(bytes);
    let (head, _) = WINDOWS_1252.decode_without_bom_handling(head);
    let head = head.to_ascii_lowercase();
    let metas = head.split("<meta").skip(1).filter_map(|rest| rest.split('>').next());
    let value = metas.filter_map(|tag| tag.split_once("charset=")).map(|(_, value)| value).next()?;
    let value = value.trim_start_matches(['"', '\'', ' ']);
    let end = value.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:".contains(c))).unwrap_or(value.len());
    value.get(..end).filter(|label| !label.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(bytes: &[u8], content_type: Option<&str>, text: &str, encoding: &str) {
        let decoded = decode(bytes, content_type);
        assert_eq!((decoded.text.as_ref(), decoded.encoding.as_str()), (text, encoding));
    }

    #[test]
    fn clean_utf8_is_not_copied() {
        assert!(matches!(decode("<rss>ü</rss>".as_bytes(), None).text, Cow::Borrowed(_)));
        check(b"\xef\xbb\xbf<rss/>", Some("text/xml; charset=iso-8859-1"), "<rss/>", "utf-8");
    }

    #[test]
    fn wide_labels_of_narrow_text_and_odd_names_are_read_as_meant() {
        let utf8 = "<?xml version='1.0' encoding='utf-16'?><a>ü</a>";
        check(utf8.as_bytes(), None, utf8, "utf-8");
        check(b"<a>5 \xa4</a>", Some("text/xml; charset=ISO8859_15"), "<a>5 €</a>", "iso8859_15");
        check(b"<a>\xc7\xd1</a>", Some("text/xml; charset=cp949"), "<a>한</a>", "cp949");
        check(b"<a>x</a>", Some("text/xml; charset=hz-gb-2312"), "<a>x</a>", "us-ascii");
    }

    #[test]
    fn the_http_charset_goes_before_the_declaration() {
        let bytes = b"<?xml version='1.0' encoding='iso-8859-15'?><a>\xa4</a>";
        check(bytes, None, "<?xml version='1.0' encoding='iso-8859-15'?><a>€</a>", "iso-8859-15");
        let text = "<?xml version='1.0' encoding='iso-8859-15'?><a>¤</a>";
        check(bytes, Some("text/xml; charset = \"iso-8859-1\""), text, "iso-8859-1");
    }

    #[test]
    fn latin_1_declared_as_utf8_is_read_and_told() {
        let bytes = b"<?xml version=\"1.0\" encoding=\"utf-8\"?><a>Gr\xfc\xdfe aus K\xf6ln, sch\xf6n</a>";
        let decoded = decode(bytes, None);
        assert!(decoded.text.contains("Grüße aus Köln, schön"), "{decoded:?}");
        assert_eq!((decoded.encoding.as_str(), decoded.problems.len()), ("windows-1252", 1));
    }

    #[test]
    fn utf8_declared_as_latin_1_is_read_and_told() {
        let decoded = decode("<a>Köln</a>".as_bytes(), Some("text/xml; charset=ISO-8859-1"));
        assert_eq!((decoded.text.as_ref(), decoded.problems.len()), ("<a>Köln</a>", 1));
    }

    #[test]
    fn wide_encodings_are_found_without_a_mark() {
        let wide: Vec<u8> = "<a>é</a>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&wide, None, "<a>é</a>", "utf-16be");
        let wider: Vec<u8> = "<a>é</a>".chars().flat_map(|c| (c as u32).to_le_bytes()).collect();
        check(&wider, None, "<a>é</a>", "utf-32le");
    }

    proptest! {
        #[test]
        fn any_bytes_decode_within_bounds(bytes in proptest::collection::vec(any::<u8>(), 0..400), label in "[a-z0-9-]{0,12}") {
            let decoded = decode(&bytes, Some(&format!("text/xml; charset={label}")));
            prop_assert!(decoded.text.len() <= 3 * bytes.len() + 3);
        }
    }
}
