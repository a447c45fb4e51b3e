//! The nearest right word for a wrong one.

/// Of `known`, the word that `wrong` was most likely meant to be; `None` where nothing is near.
///
/// Near means: at most one slip for every three letters, or the one word begins with the other.
pub(super) fn nearest<'k>(wrong: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let wrong = wrong.to_lowercase();
    known
        .into_iter()
        .filter_map(|word| slips(&wrong, &word.to_lowercase()).map(|slips| (slips, word)))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, word)| word)
}

fn slips(wrong: &str, word: &str) -> Option<usize> {
    let slips = strsim::osa_distance(wrong, word);
    let is_beginning = wrong.len() >= 3 && (word.starts_with(wrong) || wrong.starts_with(word));
    (slips <= word.chars().count().max(3) / 3 || is_beginning).then_some(slips)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_forgiven_and_a_stranger_is_not() {
        let keys = ["name", "aliases", "handles", "hashtags", "per_host_pause"];
        assert_eq!(nearest("alias", keys), Some("aliases"));
        assert_eq!(nearest("nmae", keys), Some("name"));
        assert_eq!(nearest("per_host_puase", keys), Some("per_host_pause"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("", keys), None);
    }
}
