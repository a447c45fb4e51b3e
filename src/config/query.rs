//! `query = '...'`, wherever a query may stand: of a route, of a brand.

use super::value::Text;
use crate::query::{Query, QueryError};

/// The query in `text` as `read` understands it; notes where it cannot be understood, with a caret at the character.
pub(super) fn read_query(text: &Text<'_>, read: fn(&str) -> Result<Query, QueryError>) -> Option<Query> {
    let wrong = |error: &QueryError| {
        let problem = format!("cannot be understood at character {}: {}", error.character, error.message);
        text.reject_within(error.span.clone(), &problem, &error.help);
    };
    read(&text.text).inspect_err(wrong).ok()
}
