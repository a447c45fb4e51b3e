//! Writes a list as OPML 2.0.

use super::{NAMESPACE, PREFIX};

/// One source as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What it is called.
    pub title: String,
    /// Its address.
    pub url: String,
    /// A feed that every feed reader can read; anything else is a link to them.
    pub is_feed: bool,
    /// The language, which OPML has a word for.
    pub lang: Option<String>,
    /// Our own attributes; a name that XML does not allow is left out.
    pub own: Vec<(String, String)>,
}

/// The list `title` of `sources`, in their order.
#[must_use]
pub fn write(title: &str, sources: &[Written]) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\" xmlns:{PREFIX}=\"{NAMESPACE}\">\n  <head>\n    <title>"
    );
    push_escaped(&mut text, title);
    text.push_str("</title>\n  </head>\n  <body>\n");
    for source in sources {
        push_outline(&mut text, source);
    }
    text.push_str("  </body>\n</opml>\n");
    text
}

fn push_outline(text: &mut String, source: &Written) {
    text.push_str("    <outline");
    let (kind, address) = if source.is_feed { ("rss", "xmlUrl") } else { ("link", "url") };
    push_attribute(text, "type", kind);
    push_attribute(text, "text", &source.title);
    push_attribute(text, address, &source.url);
    if let Some(lang) = &source.lang {
        push_attribute(text, "language", lang);
    }
    for (name, value) in source.own.iter().filter(|(name, _)| is_name(name)) {
        push_attribute(text, &format!("{PREFIX}:{name}"), value);
    }
    text.push_str("/>\n");
}

fn push_attribute(text: &mut String, name: &str, value: &str) {
    text.push(' ');
    text.push_str(name);
    text.push_str("=\"");
    push_escaped(text, value);
    text.push('"');
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '.' | '-' | '_'))
}

/// Escapes what XML takes for markup; what it forbids is left out, line ends in attributes are kept by their numbers.
fn push_escaped(text: &mut String, value: &str) {
    for letter in value.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\t' | '\n' | '\r' => text.push_str(&format!("&#{};", u32::from(letter))),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => text.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use proptest::prelude::*;

    fn source(title: &str, url: &str) -> Written {
        Written { title: title.to_owned(), url: url.to_owned(), is_feed: true, lang: None, own: Vec::new() }
    }

    #[test]
    fn a_list_is_well_formed_and_says_what_is_no_feed() {
        let page = Written {
            is_feed: false,
            lang: Some("de".to_owned()),
            own: vec![("engine".to_owned(), "page".to_owned()), ("Not A Name".to_owned(), "x".to_owned())],
            ..source("B", "https://b.example/")
        };
        expect_test::expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <opml version="2.0" xmlns:porterhouse="urn:x-porterhouse:opml">
              <head>
                <title>Sources</title>
              </head>
              <body>
                <outline type="rss" text="A &amp; &quot;A&quot;" xmlUrl="https://a.example/?a=1&amp;b=2"/>
                <outline type="link" text="B" url="https://b.example/" language="de" porterhouse:engine="page"/>
              </body>
            </opml>
        "#]]
        .assert_eq(&write("Sources", &[source("A & \"A\"", "https://a.example/?a=1&b=2"), page]));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(title in "[^\\pC\\s]{1,20}", path in "\\PC{0,20}", selector in "(\\PC|\n){1,20}") {
            let own = vec![("engine".to_owned(), "feed".to_owned()), ("recipe.item".to_owned(), format!("x{selector}x"))];
            let url = format!("https://a.example/{path}x");
            let text = write("Sources", &[Written { own: own.clone(), ..source(&title, &url) }]);
            let list = read(text.as_bytes()).unwrap();
            prop_assert_eq!(list.n_broken, 0);
            let found = &list.found[0];
            prop_assert_eq!((found.title.as_deref(), &found.url, &found.own), (Some(title.as_str()), &url, &own));
        }
    }
}
