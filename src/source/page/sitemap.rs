//! Sitemaps, lists of sitemaps, and news sitemaps (sitemaps.org, 0.9).
//!
//! In: the text of one. Out: addresses with the time of their last change. What is broken ends the reading of it; what
//! was read until there counts.

use crate::text::push_unescaped;
use crate::when::read_date;
use jiff::Timestamp;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::Read;

/// The most addresses of one sitemap (sitemaps.org: 50,000).
const ENTRIES_MOST: usize = 50_000;

/// The most decoded bytes of a sitemap: some 50,000 addresses, which is all that one may list.
pub const UNPACKED_LIMIT_BYTES: u64 = 10 * 1024 * 1024;

/// A sitemap.
#[derive(Debug, Default, PartialEq)]
pub struct Sitemap {
    /// It lists sitemaps, not pages.
    pub is_index: bool,
    /// What it lists.
    pub entries: Vec<Entry>,
}

/// An address of a sitemap.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// The address as it is written.
    pub url: String,
    /// When the page was published (news) or last changed.
    pub at: Option<Timestamp>,
}

/// Whether `text` begins as a sitemap does.
pub fn is_sitemap(text: &str) -> bool {
    let head: String = text.chars().take(2_000).collect();
    head.contains("<urlset") || head.contains("<sitemapindex")
}

/// The bytes of a gzip archive, at most [`UNPACKED_LIMIT_BYTES`]; `None` where it is broken from the start.
pub fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut unpacked = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(bytes).take(UNPACKED_LIMIT_BYTES);
    match decoder.read_to_end(&mut unpacked) {
        Ok(_) => Some(unpacked),
        // What came before the damage is worth reading.
        Err(_) if !unpacked.is_empty() => Some(unpacked),
        Err(_) => None,
    }
}

/// Reads a sitemap.
pub fn read(text: &str) -> Sitemap {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut sitemap = Sitemap::default();
    let (mut entry, mut field) = (Entry::default(), String::new());
    let mut value = String::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) => {
                field = local(tag.local_name().as_ref());
                value.clear();
                sitemap.is_index |= field == "sitemapindex";
            }
            Event::Text(text) => value.push_str(&text),
            Event::CData(text) => value.push_str(&text),
            Event::GeneralRef(name) => {
                push_unescaped(&mut value, &format!("&{};", &*name));
            }
            Event::End(tag) => match local(tag.local_name().as_ref()).as_str() {
                name @ ("loc" | "lastmod" | "publication_date") if name == field => {
                    note(&mut entry, name, value.trim());
                    value.clear();
                }
                "url" | "sitemap" => {
                    let entry = std::mem::take(&mut entry);
                    if !entry.url.is_empty() {
                        sitemap.entries.push(entry);
                    }
                    if sitemap.entries.len() == ENTRIES_MOST {
                        break;
                    }
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    sitemap
}

fn note(entry: &mut Entry, name: &str, value: &str) {
    if name == "loc" {
        // Pictures and videos of the page have a `loc` of their own behind it.
        if entry.url.is_empty() {
            entry.url = value.to_owned();
        }
    } else if name == "publication_date" || entry.at.is_none() {
        entry.at = read_date(value).map(|date| date.at).or(entry.at);
    }
}

fn local(name: &str) -> String {
    name.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn pages_news_and_lists_of_sitemaps() {
        let read_ = read(
            "<?xml version='1.0'?><urlset xmlns:news='n'><url><loc>https://b.example/a?x=1&amp;y=2</loc>\
             <lastmod>2026-01-02</lastmod><image:image><image:loc>https://b.example/i.png</image:loc></image:image></url>\
             <url><loc> <![CDATA[https://b.example/b]]> </loc><news:news><news:publication_date>2026-02-03T04:05:06Z\
             </news:publication_date></news:news></url><url></url><url><loc>https://b.example/c",
        );
        let urls: Vec<&str> = read_.entries.iter().map(|entry| entry.url.as_str()).collect();
        assert_eq!(urls, ["https://b.example/a?x=1&y=2", "https://b.example/b"]);
        assert!(read_.entries.iter().all(|entry| entry.at.is_some()) && !read_.is_index);
        let index = read("<sitemapindex><sitemap><loc>https://b.example/1.xml</loc></sitemap></sitemapindex>");
        assert!(index.is_index && index.entries.len() == 1);
    }

    #[test]
    fn archives_are_unpacked_within_a_bound() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(&vec![b' '; 12 << 20]).expect("memory");
        let unpacked = unpack(&packed.finish().expect("memory")).expect("an archive");
        assert_eq!(unpacked.len() as u64, UNPACKED_LIMIT_BYTES);
        assert_eq!(unpack(b"\x1f\x8bnonsense"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_fine(text in "(<|>|/|url|loc|lastmod|sitemap|&|;|<!\\[CDATA\\[|\\]\\]>|\\PC){0,60}") {
            let _ = read(&text);
        }
    }
}
