//! The user's query in the query language of a service.
//!
//! In: words, `"phrases"`, `OR`, `AND`, `NOT` or a `-` before a word. What a service finds is matched again by the house,
//! so a query may find too much and never too little.

use crate::model::Dialect;

enum Part {
    Words(String),
    Or,
    And,
    Not,
}

/// `query` as the service writes it.
pub(super) fn translate(query: &str, dialect: &Dialect) -> String {
    let mut told = String::new();
    let mut joint = "";
    for part in parts(query) {
        match part {
            Part::Or => joint = &dialect.or,
            Part::And => {}
            Part::Not => {
                if !told.is_empty() {
                    told.push_str(if joint.is_empty() { &dialect.and } else { joint });
                }
                told.push_str(&dialect.not);
                joint = "\0";
            }
            Part::Words(words) => {
                if !told.is_empty() && joint != "\0" {
                    told.push_str(if joint.is_empty() { &dialect.and } else { joint });
                }
                if words.contains(char::is_whitespace) {
                    told.push_str(&format!("{0}{words}{0}", dialect.quote));
                } else {
                    told.push_str(&words);
                }
                joint = "";
            }
        }
    }
    told
}

/// `query` as one phrase where it is nothing but words.
pub(super) fn phrase(query: &str, dialect: &Dialect) -> String {
    let query = query.trim();
    let is_plain = !query.contains('"')
        && !query.split_whitespace().any(|word| matches!(word, "OR" | "AND" | "NOT") || word.starts_with('-'));
    if is_plain { format!("{0}{query}{0}", dialect.quote) } else { translate(query, dialect) }
}

fn parts(query: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for (index, piece) in query.split('"').enumerate() {
        if index % 2 == 1 {
            if !piece.trim().is_empty() {
                parts.push(Part::Words(piece.trim().to_owned()));
            }
            continue;
        }
        for word in piece.split_whitespace() {
            match word {
                "OR" | "|" => parts.push(Part::Or),
                "AND" => parts.push(Part::And),
                "NOT" | "-" => parts.push(Part::Not),
                word => {
                    let bare = word.strip_prefix('-').filter(|bare| !bare.is_empty());
                    if bare.is_some() {
                        parts.push(Part::Not);
                    }
                    parts.push(Part::Words(bare.unwrap_or(word).to_owned()));
                }
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_told_in_the_words_of_the_service() {
        let plain = Dialect::default();
        let pipes = Dialect { or: "|".to_owned(), not: "NOT ".to_owned(), ..Dialect::default() };
        let query = "acme \"porter house\" OR steak NOT jobs -spam";
        assert_eq!(translate(query, &plain), "acme \"porter house\" OR steak -jobs -spam");
        assert_eq!(translate(query, &pipes), "acme \"porter house\"|steak NOT jobs NOT spam");
        assert_eq!(phrase("porter house", &plain), "\"porter house\"");
        assert_eq!(phrase("porter OR house", &plain), "porter OR house");
        assert_eq!(translate("\"", &plain), "");
    }
}
