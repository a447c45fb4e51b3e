//! The user's query in the query language of a service.
//!
//! In: words, `"phrases"`, `OR`, `AND`, `NOT` or a `-` before a word; `OR` binds loosest. Out: what the service is asked
//! for, in as many questions as it takes: one for each alternative where the service knows no `OR`, else as few as its
//! bound allows. What a service finds is matched again by the house, so a query may find too much and never too little.

use crate::model::Dialect;

/// The most questions of one source: each takes a request of its own at every reading.
pub(super) const QUESTIONS_MOST: usize = 12;

/// A word or a phrase.
#[derive(Debug, Clone, PartialEq)]
struct Term {
    text: String,
    is_not: bool,
}

/// The questions that `query` takes, each in the user's own notation; at least one, which may be empty.
pub(super) fn questions(query: &str, dialect: &Dialect) -> Vec<String> {
    let clauses = clauses(query).into_iter().filter(|clause| clause.iter().any(|term| !term.is_not));
    let mut seen: Vec<String> = Vec::new();
    let mut questions: Vec<String> = Vec::new();
    for clause in clauses.map(|clause| as_written(&clause)) {
        if seen.contains(&clause) {
            continue;
        }
        seen.push(clause.clone());
        let joined = questions.last().map(|last| format!("{last} OR {clause}"));
        let fits = |joined: &String| !dialect.or.is_empty() && !is_too_long(joined, dialect);
        match joined.filter(fits).zip(questions.last_mut()) {
            Some((joined, last)) => *last = joined,
            None => questions.push(clause),
        }
    }
    if questions.is_empty() { vec![query.trim().to_owned()] } else { questions }
}

/// Whether the service refuses `question` for its length.
pub(super) fn is_too_long(question: &str, dialect: &Dialect) -> bool {
    dialect.longest > 0 && translate(question, dialect).chars().count() > dialect.longest as usize
}

/// `question` as the service writes it.
pub(super) fn translate(question: &str, dialect: &Dialect) -> String {
    let told = clauses(question).into_iter().map(|clause| {
        let known = clause.iter().filter(|term| !term.is_not || !dialect.not.is_empty());
        known.map(|term| told(term, dialect)).collect::<Vec<_>>().join(&dialect.and)
    });
    let told: Vec<String> = told.filter(|clause| !clause.is_empty()).collect();
    // Who knows no `OR` is never asked with one; the address by which a source is known tells the whole query.
    told.join(if dialect.or.is_empty() { " OR " } else { &dialect.or })
}

/// `question` as one phrase where it is nothing but words.
pub(super) fn phrase(question: &str, dialect: &Dialect) -> String {
    let question = question.trim();
    let is_plain = !question.contains('"')
        && !question.split_whitespace().any(|word| matches!(word, "OR" | "AND" | "NOT" | "|") || word.starts_with('-'));
    if is_plain { format!("{0}{question}{0}", dialect.quote) } else { translate(question, dialect) }
}

fn told(term: &Term, dialect: &Dialect) -> String {
    let not = if term.is_not { dialect.not.as_str() } else { "" };
    let quote = if term.text.contains(char::is_whitespace) { dialect.quote.as_str() } else { "" };
    format!("{not}{quote}{}{quote}", term.text)
}

fn as_written(clause: &[Term]) -> String {
    clause.iter().map(|term| told(term, &Dialect::default())).collect::<Vec<_>>().join(" ")
}

/// The alternatives of a query.
fn clauses(query: &str) -> Vec<Vec<Term>> {
    let words = words(query);
    words.split(Option::is_none).map(|clause| clause.iter().flatten().cloned().collect()).collect()
}

/// The terms of a query in their order; `None` is an `OR`.
fn words(query: &str) -> Vec<Option<Term>> {
    let (mut words, mut is_not) = (Vec::new(), false);
    let term = |text: &str, is_not: bool| Some(Term { text: text.to_owned(), is_not });
    for (index, piece) in query.split('"').enumerate() {
        let is_phrase = index % 2 == 1;
        if is_phrase && !piece.trim().is_empty() {
            words.push(term(piece.trim(), std::mem::take(&mut is_not)));
        }
        for word in piece.split_whitespace().filter(|_| !is_phrase) {
            match word {
                "OR" | "|" => words.push(None),
                "AND" => {}
                "NOT" | "-" => is_not = true,
                word => {
                    let bare = word.strip_prefix('-').filter(|bare| !bare.is_empty());
                    words.push(term(bare.unwrap_or(word), std::mem::take(&mut is_not) || bare.is_some()));
                }
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare() -> Dialect {
        Dialect { quote: String::new(), or: String::new(), not: String::new(), ..Dialect::default() }
    }

    #[test]
    fn a_query_is_told_in_the_words_of_the_service() {
        let plain = Dialect::default();
        let pipes = Dialect { or: "|".to_owned(), not: "NOT ".to_owned(), ..Dialect::default() };
        let query = "acme \"porter house\" OR steak NOT jobs -spam";
        assert_eq!(translate(query, &plain), "acme \"porter house\" OR steak -jobs -spam");
        assert_eq!(translate(query, &pipes), "acme \"porter house\"|steak NOT jobs NOT spam");
        assert_eq!(translate("steak -\"porter house\" OR x", &plain), "steak -\"porter house\" OR x");
        assert_eq!(phrase("porter house", &plain), "\"porter house\"");
        assert_eq!(phrase("porter OR house", &plain), "porter OR house");
        assert_eq!(phrase("porter house", &bare()), "porter house");
        for nothing in ["\"", "", "OR", "NOT", " OR \" \" OR "] {
            assert_eq!(translate(nothing, &plain), "", "{nothing:?}");
        }
    }

    #[test]
    fn who_knows_no_or_is_asked_for_each_alternative() {
        let query = "acme \"porter house\" OR steak NOT jobs OR steak -jobs OR -nothing";
        assert_eq!(questions(query, &Dialect::default()), ["acme \"porter house\" OR steak -jobs"]);
        let asked = questions(query, &bare());
        assert_eq!(asked, ["acme \"porter house\"", "steak -jobs"]);
        let told: Vec<String> = asked.iter().map(|question| translate(question, &bare())).collect();
        assert_eq!(told, ["acme porter house", "steak"], "what may not occur is left to the house");
        assert_eq!(questions("  ", &bare()), [""]);
    }

    #[test]
    fn alternatives_are_put_together_as_far_as_the_service_reads() {
        let short = Dialect { longest: 14, ..Dialect::default() };
        assert_eq!(questions("aaaa OR bbbb OR cccc OR dddd", &short), ["aaaa OR bbbb", "cccc OR dddd"]);
        assert!(is_too_long("fifteen letters", &short) && !is_too_long("fourteen signs", &short));
    }
}
