//! Blanks: what a person reads as one.

/// `text` with each run of blanks as one space; none at the ends.
#[must_use]
pub fn fold_blanks(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}
