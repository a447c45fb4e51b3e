//! Markdown as markup, as far as a reader of its words needs it: paragraphs, quotations, links, lists, code.
//!
//! Everything else stays as it was written; emphasis loses its marks. Markup in it is escaped. Linear.

/// `text` as paragraphs and line breaks, nothing else understood.
pub(super) fn plain_to_html(text: &str) -> String {
    blocks(text, escape)
}

/// The markup of a text in Markdown.
pub(super) fn to_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 32);
    let (mut quoted, mut own) = (Vec::new(), Vec::new());
    let mut flush = |quoted: &mut Vec<&str>, own: &mut Vec<&str>| {
        if !own.is_empty() {
            html.push_str(&blocks(&own.join("\n"), inline));
            own.clear();
        }
        if !quoted.is_empty() {
            html.push_str(&format!("<blockquote>{}</blockquote>", blocks(&quoted.join("\n"), inline)));
            quoted.clear();
        }
    };
    for line in text.lines() {
        let bare = line.trim_start();
        if let Some(rest) = bare.strip_prefix('>') {
            if quoted.is_empty() {
                flush(&mut quoted, &mut own);
            }
            quoted.push(rest.trim_start_matches('>').trim_start());
            continue;
        }
        if !quoted.is_empty() {
            flush(&mut quoted, &mut own);
        }
        // Lemmy hides what stands between these.
        if !bare.starts_with(":::") && !bare.starts_with("```") {
            own.push(without_mark(bare));
        }
    }
    flush(&mut quoted, &mut own);
    html
}

/// A line without what makes it a heading or an entry of a list.
fn without_mark(line: &str) -> &str {
    let heading = line.trim_start_matches('#');
    if heading.len() < line.len() && heading.starts_with(' ') {
        return heading.trim();
    }
    line.strip_prefix("* ").or_else(|| line.strip_prefix("- ")).or_else(|| line.strip_prefix("+ ")).unwrap_or(line)
}

fn blocks(text: &str, write: impl Fn(&str, &mut String)) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    let mut is_open = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            if is_open {
                html.push_str("</p>");
            }
            is_open = false;
            continue;
        }
        html.push_str(if is_open { "<br>" } else { "<p>" });
        is_open = true;
        write(line.trim(), &mut html);
    }
    if is_open {
        html.push_str("</p>");
    }
    html
}

/// Links, pictures and emphasis within a line.
fn inline(line: &str, html: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find(['[', '!', '*', '_', '`', '\\', '<']) {
        let (before, from) = rest.split_at(at);
        escape(before, html);
        let is_picture = from.starts_with("![");
        let linked = link(from.trim_start_matches('!')).filter(|_| is_picture || from.starts_with('['));
        if let Some((words, address, after)) = linked {
            if !is_picture {
                html.push_str("<a href=\"");
                escape(address, html);
                html.push_str("\">");
                escape(&words.replace(['*', '`'], ""), html);
                html.push_str("</a>");
            }
            rest = after;
            continue;
        }
        rest = special(from, html);
    }
    escape(rest, html);
}

/// What stands behind the first character of `from`, which may only be a mark.
fn special<'t>(from: &'t str, html: &mut String) -> &'t str {
    let (mark, rest) = from.split_at(from.chars().next().map_or(0, char::len_utf8));
    let before = html.chars().next_back();
    let is_word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    let is_alone = before.is_none_or(char::is_whitespace) && rest.chars().next().is_none_or(char::is_whitespace);
    match mark {
        // An address in brackets is a link; other markup is text.
        "<" if rest.starts_with("http") => {
            if let Some((address, after)) = rest.split_once('>').filter(|(address, _)| !address.contains(' ')) {
                html.push_str("<a href=\"");
                escape(address, html);
                html.push_str("\">");
                escape(address, html);
                html.push_str("</a>");
                return after;
            }
            escape(mark, html);
        }
        "*" | "`" if !is_alone => {}
        // Within a word it is a letter.
        "_" if !(is_word(before) && is_word(rest.chars().next())) => {}
        "\\" if rest.starts_with(|character: char| character.is_ascii_punctuation()) => {
            let (escaped, after) = rest.split_at(1);
            escape(escaped, html);
            return after;
        }
        other => escape(other, html),
    }
    rest
}

/// `[words](address "title")` at the beginning of `text`, and what follows.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (words, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (address, after) = rest.split_once(')')?;
    let address = address.split_whitespace().next()?;
    let is_web = address.starts_with("http") || address.starts_with('/');
    (is_web && !words.contains(['[', ']'])).then_some((words, address, after))
}

fn escape(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            other => html.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(markdown: &str, html: &str) {
        assert_eq!(to_html(markdown), html, "{markdown}");
    }

    #[test]
    fn words_and_links_stay_and_marks_go() {
        check(
            "Has anybody tried **Porter**?\n\n> no\n> yes\n\nOk",
            "<p>Has anybody tried Porter?</p><blockquote><p>no<br>yes</p></blockquote><p>Ok</p>",
        );
        check(
            "see [the *site*](https://a.example/x?a=1&b=2) ![p](https://a.example/p.png)",
            "<p>see <a href=\"https://a.example/x?a=1&amp;b=2\">the site</a> </p>",
        );
        check("# Title\n* one\n* snake_case \\*", "<p>Title<br>one<br>snake_case *</p>");
        check(
            "<script>x</script> & <https://a.example/>",
            "<p>&lt;script&gt;x&lt;/script&gt; &amp; <a href=\"https://a.example/\">https://a.example/</a></p>",
        );
        check("2 * 3 [no link](x", "<p>2 * 3 [no link](x</p>");
        assert_eq!(plain_to_html("a < b\nc\n\nd"), "<p>a &lt; b<br>c</p><p>d</p>");
    }

    proptest! {
        #[test]
        fn any_text_becomes_bounded_markup(text in "(?s)[\\[\\]()!*_`>#<a .\\n\\\\h:/]{0,200}") {
            prop_assert!(to_html(&text).len() <= text.len() * 12 + 64);
        }
    }
}
