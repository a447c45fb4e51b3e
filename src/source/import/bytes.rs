//! The bytes of a file as text: which encoding it is in, and decoding it piece by piece.
//!
//! In: a file as a stream, opened anew for each pass. Out: UTF-8 without a byte order mark and without NUL.
//! Never holds more than a piece of it.

use crate::model::ImportFault;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, Read};

/// A piece of a file.
const PIECE_BYTES: usize = 64 << 10;

/// The bytes that the guess looks at; chardetng has made up its mind long before.
const GUESS_BYTES: usize = 256 << 10;

/// Opens the file anew, at its beginning.
pub type Open<'o> = dyn Fn() -> io::Result<Box<dyn Read + Send>> + 'o;

/// What people and programs write for encodings beside the WHATWG's list.
const OTHER_NAMES: &[(&str, &str)] =
    &[("ansi", "windows-1252"), ("latin-1", "windows-1252"), ("win-1252", "windows-1252"), ("utf16", "utf-16")];

/// The encoding that `label` names.
///
/// # Errors
/// [`ImportFault::Encoding`] where it names none.
pub(super) fn labelled(label: &str) -> Result<&'static Encoding, ImportFault> {
    let plain = label.trim().to_ascii_lowercase().replace('_', "-");
    let standard = OTHER_NAMES.iter().find(|(name, _)| *name == plain).map_or(plain.as_str(), |(_, standard)| standard);
    let known = Encoding::for_label(standard.as_bytes()).filter(|encoding| *encoding != encoding_rs::REPLACEMENT);
    known.ok_or_else(|| ImportFault::Encoding(label.to_owned()))
}

/// Which encoding a file is in: by its mark, its zero bytes, being UTF-8 to its end, or else a guess.
///
/// # Errors
/// [`ImportFault`] where it cannot be read, holds nothing, or is no text.
pub(super) fn detect(open: &Open<'_>) -> Result<&'static Encoding, ImportFault> {
    let mut file = open()?;
    let mut piece = vec![0; PIECE_BYTES];
    let n = read_full(&mut *file, &mut piece)?;
    let head = piece.get(..n).unwrap_or_default();
    if head.iter().all(u8::is_ascii_whitespace) && n < PIECE_BYTES {
        return Err(ImportFault::Empty);
    }
    if let Some(found) = other_kind(head) {
        return Err(ImportFault::NotText { found });
    }
    if let Some(encoding) = Encoding::for_bom(head).map(|(encoding, _)| encoding).or_else(|| by_zero_bytes(head)) {
        return Ok(encoding);
    }
    let mut guess = Guess::new();
    guess.look_at(head);
    loop {
        let n = read_full(&mut *file, &mut piece)?;
        if n == 0 {
            return Ok(guess.encoding());
        }
        guess.look_at(piece.get(..n).unwrap_or_default());
    }
}

fn other_kind(head: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"PK\x03\x04", "an Excel or LibreOffice workbook, or another archive"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"%PDF", "a PDF"),
        (b"\x1f\x8b", "compressed by gzip"),
        (b"\x89PNG", "a PNG image"),
        (b"SQLite format 3", "a database"),
    ];
    KINDS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| *kind)
}

/// UTF-16 without a mark: of Western text every other byte is zero.
fn by_zero_bytes(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    let zeros = |at: usize| head.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let is_wide = |many: usize, few: usize| pairs >= 2 && many * 10 >= pairs * 4 && few * 20 <= pairs;
    if is_wide(odd, even) {
        Some(UTF_16LE)
    } else if is_wide(even, odd) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Looks at a whole file for one that is UTF-8 to its end.
struct Guess {
    detector: EncodingDetector,
    n_shown: usize,
    /// The beginning of a character at the end of a piece.
    cut: Vec<u8>,
    n_good: usize,
    n_bad: usize,
}

impl Guess {
    fn new() -> Self {
        let detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        Self { detector, n_shown: 0, cut: Vec::new(), n_good: 0, n_bad: 0 }
    }

    fn look_at(&mut self, piece: &[u8]) {
        if piece.is_ascii() && self.cut.is_empty() {
            return;
        }
        if self.n_shown < GUESS_BYTES {
            self.detector.feed(piece, false);
            self.n_shown += piece.len();
        }
        let mut joined = std::mem::take(&mut self.cut);
        let all = if joined.is_empty() {
            piece
        } else {
            joined.extend_from_slice(piece);
            &joined
        };
        let mut chunks = all.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            self.n_good += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
            let is_cut = chunks.peek().is_none()
                && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
            if is_cut {
                self.cut = chunk.invalid().to_vec();
            } else {
                self.n_bad += usize::from(!chunk.invalid().is_empty());
            }
        }
    }

    /// A few broken bytes among many good characters are holes, not another encoding.
    fn encoding(mut self) -> &'static Encoding {
        self.n_bad += usize::from(!self.cut.is_empty());
        if self.n_bad == 0 || self.n_good > 2 * self.n_bad {
            return UTF_8;
        }
        self.detector.feed(b"", true);
        self.detector.guess(None, Utf8Detection::Deny)
    }
}

/// Reads until `piece` is full or the file ends.
fn read_full(file: &mut dyn Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut n_all = 0;
    while let Some(rest) = piece.get_mut(n_all..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(n) => n_all += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(n_all)
}

/// A file, decoded piece by piece.
pub(super) struct Decoding {
    file: Box<dyn Read + Send>,
    decoder: Decoder,
    piece: Vec<u8>,
    decoded: Vec<u8>,
    is_over: bool,
    /// Bytes of the file that were read.
    pub(super) n_read: u64,
    /// Some bytes were none of the encoding.
    pub(super) has_holes: bool,
    /// NUL characters that were dropped.
    pub(super) n_nul: u64,
}

impl Decoding {
    pub(super) fn new(file: Box<dyn Read + Send>, encoding: &'static Encoding) -> Self {
        Self {
            file,
            decoder: encoding.new_decoder(),
            piece: vec![0; PIECE_BYTES],
            decoded: vec![0; PIECE_BYTES * 3 + 16],
            is_over: false,
            n_read: 0,
            has_holes: false,
            n_nul: 0,
        }
    }

    /// Appends the next piece of text to `text`; whether there may be more.
    pub(super) fn fill(&mut self, text: &mut Vec<u8>) -> io::Result<bool> {
        if self.is_over {
            return Ok(false);
        }
        let n = read_full(&mut *self.file, &mut self.piece)?;
        self.n_read += n as u64;
        self.is_over = n < self.piece.len();
        let mut rest = self.piece.get(..n).unwrap_or_default();
        loop {
            let (result, n_in, n_out, had_errors) = self.decoder.decode_to_utf8(rest, &mut self.decoded, self.is_over);
            self.has_holes |= had_errors;
            let decoded = self.decoded.get(..n_out).unwrap_or_default();
            let before = text.len();
            if decoded.contains(&0) {
                text.extend(decoded.iter().filter(|byte| **byte != 0));
                self.n_nul += (n_out - (text.len() - before)) as u64;
            } else {
                text.extend_from_slice(decoded);
            }
            rest = rest.get(n_in..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                return Ok(!self.is_over);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(bytes: &[u8], label: Option<&str>) -> (String, &'static str) {
        let bytes = bytes.to_vec();
        let open = move || Ok(Box::new(io::Cursor::new(bytes.clone())) as Box<dyn Read + Send>);
        let encoding = match label {
            Some(label) => labelled(label).expect("known"),
            None => detect(&open).expect("a text"),
        };
        let mut decoding = Decoding::new(open().expect("opened"), encoding);
        let mut text = Vec::new();
        while decoding.fill(&mut text).expect("read") {}
        (String::from_utf8(text).expect("UTF-8"), encoding.name())
    }

    fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn each_encoding_of_spreadsheets_is_found() {
        let text = "Kommentar;Straße\nschön, größer;Köln\n";
        let (narrow, _, _) = encoding_rs::WINDOWS_1252.encode(text);
        let with_mark = format!("\u{feff}{text}");
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            (with_mark.clone().into_bytes(), "UTF-8"),
            (utf_16(&with_mark, u16::to_le_bytes), "UTF-16LE"),
            (utf_16(&with_mark, u16::to_be_bytes), "UTF-16BE"),
            (utf_16(text, u16::to_le_bytes), "UTF-16LE"),
            (utf_16(text, u16::to_be_bytes), "UTF-16BE"),
            (narrow.into_owned(), "windows-1252"),
        ] {
            assert_eq!(decoded(&bytes, None), (text.to_owned(), name));
        }
        assert_eq!(decoded(b"Stra\xdfe", Some("ANSI")).0, "Straße");
        assert!(labelled("klingon").is_err());
    }

    #[test]
    fn an_umlaut_at_the_end_of_a_long_file_still_decides() {
        let ascii = "a,b\n".repeat(PIECE_BYTES);
        let mut late = ascii.clone().into_bytes();
        late.extend(b"Gr\xfc\xdfe aus K\xf6ln, sch\xf6n\n");
        assert_eq!(decoded(&late, None).1, "windows-1252");
        let cut = format!("{}ü{ascii}", "x".repeat(PIECE_BYTES - 1));
        assert_eq!(decoded(cut.as_bytes(), None), (cut.clone(), "UTF-8"), "a letter on the border of two pieces");
    }

    #[test]
    fn what_is_no_text_is_told_by_its_kind() {
        let detect = |bytes: &'static [u8]| detect(&move || Ok(Box::new(bytes) as Box<dyn Read + Send>));
        assert!(matches!(detect(b"PK\x03\x04rest"), Err(ImportFault::NotText { .. })));
        assert!(matches!(detect(b"  \n"), Err(ImportFault::Empty)));
        assert_eq!(decoded(b"a\0b\n", Some("utf-8")).0, "ab\n");
    }

    proptest! {
        #[test]
        fn any_bytes_become_text_without_nul(bytes in proptest::collection::vec(any::<u8>(), 1..600)) {
            let open = || Ok(Box::new(io::Cursor::new(bytes.clone())) as Box<dyn Read + Send>);
            if let Ok(encoding) = detect(&open) {
                let (text, _) = decoded(&bytes, Some(encoding.name()));
                prop_assert!(!text.contains('\0') && text.len() <= 3 * bytes.len() + 3);
            }
        }
    }
}
