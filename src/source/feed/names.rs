//! XML namespaces of feeds: which vocabulary an element belongs to, whatever its prefix.

use super::raw::Ranked;
use quick_xml::events::BytesStart;

/// A vocabulary that feeds use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vocabulary {
    /// RSS in all versions, Atom, RDF, and elements without a namespace.
    Core,
    /// Dublin Core, elements and terms.
    Dublin,
    /// `content:encoded`.
    Content,
    /// Atom threading.
    Thread,
    /// `slash:comments`.
    Slash,
    /// How often the feed changes (`sy:updatePeriod`).
    Syndication,
    /// Media RSS.
    Media,
    /// iTunes podcasts.
    Itunes,
    /// The iTunes store (`im:rating`).
    Store,
    /// YouTube.
    YouTube,
    /// `wfw:commentRss`.
    CommentApi,
    /// Podcasting 2.0.
    Podcast,
    /// What redirecting feed services add.
    Redirector,
    /// XHTML.
    Xhtml,
    /// Anything else.
    Other,
}

/// Beginnings of namespace names, lower case.
const NAMESPACES: &[(&str, Vocabulary)] = &[
    ("http://www.w3.org/2005/atom", Vocabulary::Core),
    ("http://purl.org/atom/ns", Vocabulary::Core),
    ("http://purl.org/rss/1.0/modules/content", Vocabulary::Content),
    ("http://purl.org/rss/1.0/modules/slash", Vocabulary::Slash),
    ("http://purl.org/rss/1.0/modules/syndication", Vocabulary::Syndication),
    ("http://purl.org/rss/1.0/modules/", Vocabulary::Other),
    ("http://purl.org/rss/modules/content", Vocabulary::Content),
    ("http://purl.org/rss/modules/", Vocabulary::Other),
    ("http://purl.org/rss/1.0", Vocabulary::Core),
    ("http://purl.org/net/rss1.1", Vocabulary::Core),
    ("http://my.netscape.com/", Vocabulary::Core),
    ("http://channel.netscape.com/", Vocabulary::Core),
    ("http://backend.userland.com/", Vocabulary::Core),
    ("http://blogs.law.harvard.edu/tech/rss", Vocabulary::Core),
    ("http://cyber.law.harvard.edu/rss", Vocabulary::Core),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns", Vocabulary::Core),
    ("http://purl.org/dc/", Vocabulary::Dublin),
    ("http://purl.org/syndication/thread", Vocabulary::Thread),
    ("http://search.yahoo.com/mrss", Vocabulary::Media),
    ("http://www.itunes.com/dtds/podcast", Vocabulary::Itunes),
    ("http://example.com/dtds/podcast", Vocabulary::Itunes),
    ("http://itunes.apple.com/rss", Vocabulary::Store),
    ("http://www.youtube.com/xml/schemas", Vocabulary::YouTube),
    ("http://www.w3.org/1999/xhtml", Vocabulary::Xhtml),
    ("http://wellformedweb.org/commentapi", Vocabulary::CommentApi),
    ("http://podcastindex.org/namespace", Vocabulary::Podcast),
    ("http://github.com/podcastindex-org/podcast-namespace", Vocabulary::Podcast),
    ("http://rssnamespace.org/feedburner", Vocabulary::Redirector),
    ("http://www.pheedo.com/namespace", Vocabulary::Redirector),
];

/// What the usual prefixes mean where a feed forgot to declare them.
const USUAL: &[(&str, Vocabulary)] = &[
    ("atom", Vocabulary::Core),
    ("rdf", Vocabulary::Core),
    ("rss", Vocabulary::Core),
    ("dc", Vocabulary::Dublin),
    ("dcterms", Vocabulary::Dublin),
    ("content", Vocabulary::Content),
    ("thr", Vocabulary::Thread),
    ("slash", Vocabulary::Slash),
    ("media", Vocabulary::Media),
    ("itunes", Vocabulary::Itunes),
    ("im", Vocabulary::Store),
    ("yt", Vocabulary::YouTube),
    ("xhtml", Vocabulary::Xhtml),
    ("wfw", Vocabulary::CommentApi),
    ("podcast", Vocabulary::Podcast),
    ("feedburner", Vocabulary::Redirector),
];

/// Most declarations that are kept; a feed has a dozen.
const MAX_BINDINGS: usize = 200;

/// The declarations that hold where the reader stands.
#[derive(Debug, Default)]
pub struct Bindings(Vec<(String, Vocabulary)>);

impl Bindings {
    /// How many hold; [`Bindings::leave`] goes back to it.
    #[must_use]
    pub fn mark(&self) -> usize {
        self.0.len()
    }

    /// Forgets what was declared since `mark`.
    pub fn leave(&mut self, mark: usize) {
        self.0.truncate(mark);
    }

    /// Takes in what `start` declares.
    pub fn enter(&mut self, start: &BytesStart<'_>) {
        if !start.attributes_raw().contains("xmlns") {
            return;
        }
        for attribute in start.html_attributes().with_checks(false).flatten() {
            let key = attribute.key.into_inner();
            let Some(rest) = key.strip_prefix("xmlns") else { continue };
            let prefix = rest.strip_prefix(':').unwrap_or(rest);
            if self.0.len() < MAX_BINDINGS {
                self.0.push((prefix.to_owned(), of_name(&attribute.value, prefix)));
            }
        }
    }

    /// The vocabulary of an element's full name, and its name without a prefix.
    #[must_use]
    pub fn resolve<'n>(&self, name: &'n str) -> (Vocabulary, &'n str) {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let bound = self.0.iter().rev().find(|(bound, _)| bound == prefix).map(|(_, vocabulary)| *vocabulary);
        let usual = || USUAL.iter().find(|(usual, _)| usual.eq_ignore_ascii_case(prefix)).map(|(_, v)| *v);
        let vocabulary =
            bound.or_else(usual).unwrap_or(if prefix.is_empty() { Vocabulary::Core } else { Vocabulary::Other });
        (vocabulary, local)
    }
}

fn of_name(namespace: &str, prefix: &str) -> Vocabulary {
    let namespace = namespace.trim().to_ascii_lowercase();
    let namespace = namespace.replacen("https://", "http://", 1);
    let mut best = Ranked::default();
    for (beginning, vocabulary) in NAMESPACES.iter().filter(|(beginning, _)| namespace.starts_with(beginning)) {
        best.offer(u8::try_from(beginning.len()).unwrap_or(u8::MAX), *vocabulary);
    }
    // An unknown default namespace is a misprint of RSS's or Atom's more often than another vocabulary.
    best.take().unwrap_or(if prefix.is_empty() { Vocabulary::Core } else { Vocabulary::Other })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(declarations: &str, name: &str, vocabulary: Vocabulary) {
        let content = format!("rss {declarations}");
        let mut bindings = Bindings::default();
        bindings.enter(&BytesStart::from_content(content.as_str(), 3));
        assert_eq!(bindings.resolve(name).0, vocabulary, "{declarations} {name}");
    }

    #[test]
    fn a_declaration_decides_and_the_usual_prefix_helps() {
        check("xmlns:d='http://purl.org/dc/elements/1.1/'", "d:creator", Vocabulary::Dublin);
        check("", "dc:creator", Vocabulary::Dublin);
        check("xmlns:dc='http://other.example/'", "dc:creator", Vocabulary::Other);
        check("xmlns='http://purl.org/rss/1.0/'", "item", Vocabulary::Core);
        check("xmlns:c='http://purl.org/rss/1.0/modules/content/'", "c:encoded", Vocabulary::Content);
        check("", "foo:title", Vocabulary::Other);
    }
}
