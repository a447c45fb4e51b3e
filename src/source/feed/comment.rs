//! Comment feeds: what a comment is about, and who wrote it, from titles such as "Comment on X by Y".

/// How blogs title a comment of any post: before the post's title, and between it and the author.
const ON_BY: &[(&str, &str)] = &[
    ("Comment on ", " by "),
    ("Kommentar zu ", " von "),
    ("Commentaires sur ", " par "),
    ("Commentaire sur ", " par "),
    ("Comentario en ", " por "),
    ("Comentarios en ", " por "),
    ("Commenti su ", " di "),
    ("Commento su ", " di "),
    ("Reactie op ", " door "),
    ("Kommentar till ", " av "),
];

/// How blogs title a comment in the feed of one post.
const BY: &[&str] = &["By: ", "Von: ", "Par : ", "Par: ", "Por: ", "Di: ", "Door: ", "Av: "];

/// How far into a comment the link to the answered one stands at most.
const REPLY_REACH_BYTES: usize = 300;

/// What a comment's title says.
#[derive(Debug, PartialEq, Eq)]
pub struct CommentTitle<'t> {
    /// The title of the post, where it is named.
    pub post: Option<&'t str>,
    /// The author.
    pub author: &'t str,
}

/// Reads a title as that of a comment.
#[must_use]
pub fn read(title: &str) -> Option<CommentTitle<'_>> {
    for (head, by) in ON_BY {
        if let Some((post, author)) = title.strip_prefix(head).and_then(|rest| rest.rsplit_once(by)) {
            return Some(CommentTitle { post: Some(post.trim()), author: author.trim() });
        }
    }
    let author = BY.iter().find_map(|by| title.strip_prefix(by))?.trim();
    (!author.is_empty()).then_some(CommentTitle { post: None, author })
}

/// Whether an address points at a comment within a page.
#[must_use]
pub fn is_comment_link(url: &str) -> bool {
    url.split_once('#')
        .is_some_and(|(_, fragment)| fragment.starts_with("comment") || fragment.starts_with("IDComment"))
}

/// The id of the comment that one with `id` answers, where its text begins with a link to it, as WordPress writes it
/// ("In reply to ..."): ids there end in `#comment-` and a number, like links.
#[must_use]
pub fn parent(id: &str, html: &str) -> Option<String> {
    const MARK: &str = "#comment-";
    let (page, _) = id.split_once(MARK)?;
    let opening = html.split("</a>").next()?;
    let (before, after) = opening.split_once(MARK)?;
    let number: String = after.chars().take_while(char::is_ascii_digit).collect();
    let is_opening = before.len() <= REPLY_REACH_BYTES && !number.is_empty();
    is_opening.then(|| format!("{page}{MARK}{number}")).filter(|parent| parent != id)
}

/// The page of an address, without its fragment.
#[must_use]
pub fn page(url: &str) -> &str {
    url.split('#').next().unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_name_post_and_author() {
        let title = read("Kommentar zu Steaks von drüben von Gabi").expect("a comment");
        assert_eq!((title.post, title.author), (Some("Steaks von drüben"), "Gabi"));
        assert_eq!(read("By: Uwe").map(|title| title.author), Some("Uwe"));
        assert_eq!(read("Comment on this"), None);
    }

    #[test]
    fn an_answer_names_the_comment_that_it_answers() {
        let html = "<p>In reply to <a href=\"https://blog.example/steak/#comment-5\">Uwe</a>.</p>";
        assert_eq!(
            parent("https://blog.example/?p=1#comment-7", html).as_deref(),
            Some("https://blog.example/?p=1#comment-5")
        );
        assert_eq!(parent("https://blog.example/?p=1#comment-7", "<p>No.</p>"), None);
    }

    #[test]
    fn links_name_comment_and_page() {
        let url = "https://blog.example/steak/#comment-7";
        assert!(is_comment_link(url) && !is_comment_link("https://blog.example/steak/#more"));
        assert_eq!(page(url), "https://blog.example/steak/");
    }
}
