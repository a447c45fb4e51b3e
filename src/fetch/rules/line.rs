//! One line of a robots.txt: what it says, or that it says nothing to us.

use std::time::Duration;

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Line<'f> {
    /// The next rules are for this one.
    Agent(Agent<'f>),
    /// A rule; its pattern may be empty or no path at all.
    Rule {
        /// It allows.
        allows: bool,
        /// As written, without blanks around it.
        pattern: &'f [u8],
    },
    /// The pause between two requests.
    CrawlDelay(Duration),
}

/// Whom a group is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Agent<'f> {
    /// Everyone that no other group names.
    Everyone,
    /// The robot of this name, which may be empty.
    Product(&'f [u8]),
}

#[derive(Debug, Clone, Copy)]
enum Key {
    Agent,
    Allow,
    Disallow,
    CrawlDelay,
}

/// How keys are written, slips that are often made among them.
const KEYS: [(&str, Key); 14] = [
    ("user-agent", Key::Agent),
    ("useragent", Key::Agent),
    ("user agent", Key::Agent),
    ("disallow", Key::Disallow),
    ("dissallow", Key::Disallow),
    ("dissalow", Key::Disallow),
    ("disalow", Key::Disallow),
    ("diasllow", Key::Disallow),
    ("disallaw", Key::Disallow),
    ("allow", Key::Allow),
    ("alow", Key::Allow),
    ("crawl-delay", Key::CrawlDelay),
    ("crawldelay", Key::CrawlDelay),
    ("crawl delay", Key::CrawlDelay),
];

/// The longest line that is read, as the biggest search engine has it: what is behind is cut off. No address is longer.
const LINE_LIMIT_BYTES: usize = 8 * 2083 - 1;

/// The byte order mark of UTF-8.
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// All lines of `file` that say something to robots, in order. Lines end at `\n`, `\r` or both.
pub(super) fn lines(file: &[u8]) -> impl Iterator<Item = Line<'_>> {
    without_mark(file).split(|byte| matches!(byte, b'\n' | b'\r')).filter_map(read)
}

/// The name that `text` begins with: letters of any script, digits, `-` and `_`, up to a version or a blank.
pub(super) fn product(text: &[u8]) -> &[u8] {
    let mut text = text.trim_ascii();
    while let Some(after) = text.strip_prefix(b"*") {
        text = after;
    }
    let is_in_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | 0x80..);
    let end = text.iter().position(|byte| !is_in_name(byte));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Without a byte order mark, also one that lost its end.
fn without_mark(file: &[u8]) -> &[u8] {
    let length = file.iter().zip(BYTE_ORDER_MARK).take_while(|(byte, mark)| **byte == *mark).count();
    file.get(length..).unwrap_or_default()
}

fn read(line: &[u8]) -> Option<Line<'_>> {
    let line = line.get(..LINE_LIMIT_BYTES).unwrap_or(line);
    let line = line.split(|byte| *byte == b'#').next().unwrap_or_default().trim_ascii();
    let (key, value) = parted(line)?;
    Some(match key {
        Key::Agent => Line::Agent(agent(value)),
        Key::Allow => Line::Rule { allows: true, pattern: value },
        Key::Disallow => Line::Rule { allows: false, pattern: value },
        Key::CrawlDelay => Line::CrawlDelay(seconds(value)?),
    })
}

/// Key and value; the colon between them may be missing where the value is one word or a name.
fn parted(line: &[u8]) -> Option<(Key, &[u8])> {
    let begins = |spelling: &str| {
        let (head, rest) = line.split_at_checked(spelling.len())?;
        head.eq_ignore_ascii_case(spelling.as_bytes()).then_some(rest)
    };
    KEYS.iter().find_map(|(spelling, key)| {
        let rest = begins(spelling)?;
        let value = rest.trim_ascii();
        match value.strip_prefix(b":") {
            Some(value) => Some((*key, value.trim_ascii())),
            None if value.len() == rest.len() || value.is_empty() => None,
            None if value.iter().any(u8::is_ascii_whitespace) && !matches!(key, Key::Agent) => None,
            None => Some((*key, value)),
        }
    })
}

fn agent(value: &[u8]) -> Agent<'_> {
    match value.split_first() {
        Some((b'*', rest)) if rest.first().is_none_or(u8::is_ascii_whitespace) => Agent::Everyone,
        _ => Agent::Product(product(value)),
    }
}

/// Seconds, also parts of one; `None` where it is no such number.
fn seconds(value: &[u8]) -> Option<Duration> {
    let word = value.split(u8::is_ascii_whitespace).next()?;
    let text = std::str::from_utf8(word).ok()?.replace(',', ".");
    let seconds: f64 = text.parse().ok().filter(|seconds: &f64| *seconds >= 0.0)?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}
