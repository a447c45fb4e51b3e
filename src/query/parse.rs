//! Builds the tree of a query. NOT binds tightest, then NEAR, then AND, then OR.

use super::DEPTH_LIMIT;
use super::ast::Node;
use super::error::QueryError;
use super::field::Field;
use super::lex::{Token, TokenKind, tokens};
use super::pattern::{Exact, Phrase};

/// Reads a query.
///
/// # Errors
/// [`QueryError`] with the place of the first mistake.
pub fn parse(query: &str) -> Result<Node, QueryError> {
    let tokens = tokens(query)?;
    let mut parser = Parser { query, tokens: &tokens, at: 0 };
    if tokens.is_empty() {
        return Err(parser.error("there is nothing to look for", "write at least one word"));
    }
    let root = parser.any(0)?;
    match parser.peek() {
        None => Ok(root),
        Some(_) => Err(parser.error("this `)` closes nothing", "remove it, or open a group before it")),
    }
}

struct Parser<'q> {
    query: &'q str,
    tokens: &'q [Token],
    at: usize,
}

impl<'q> Parser<'q> {
    fn peek(&self) -> Option<&'q TokenKind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    /// An error at the next part, or behind the last one.
    fn error(&self, message: &str, help: &str) -> QueryError {
        let end = self.query.trim_end().len();
        let span = self.tokens.get(self.at).map_or(end..end, |token| token.span.clone());
        QueryError::new(self.query, span, message, help)
    }

    fn any(&mut self, depth: usize) -> Result<Node, QueryError> {
        let mut nodes = vec![self.all(depth)?];
        while self.peek() == Some(&TokenKind::Or) {
            self.at += 1;
            nodes.push(self.all(depth)?);
        }
        Ok(one_or(nodes, Node::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Node, QueryError> {
        let mut nodes = vec![self.near(depth)?];
        loop {
            match self.peek() {
                Some(TokenKind::And) => self.at += 1,
                None | Some(TokenKind::Or | TokenKind::Close) => return Ok(one_or(nodes, Node::All)),
                Some(_) => {}
            }
            nodes.push(self.near(depth)?);
        }
    }

    fn near(&mut self, depth: usize) -> Result<Node, QueryError> {
        let start = self.at;
        let mut node = self.not(depth)?;
        while let Some(TokenKind::Near(distance)) = self.peek() {
            let at = self.at;
            self.at += 1;
            let right = self.not(depth)?;
            for (side, first) in [(&node, start), (&right, at + 1)] {
                if !has_places(side) {
                    self.at = first;
                    let help = "write words or phrases beside NEAR, or a group of them with OR";
                    return Err(self.error("NEAR cannot say where this stands", help));
                }
            }
            node = Node::Near(Box::new(node), Box::new(right), *distance);
        }
        Ok(node)
    }

    fn not(&mut self, depth: usize) -> Result<Node, QueryError> {
        // Two of them cancel out: a thousand need no depth.
        let mut is_not = false;
        while self.peek() == Some(&TokenKind::Not) {
            self.at += 1;
            is_not = !is_not;
        }
        let node = self.part(depth)?;
        Ok(if is_not { Node::Not(Box::new(node)) } else { node })
    }

    fn part(&mut self, depth: usize) -> Result<Node, QueryError> {
        let help = "write a word, a \"phrase\" or a group there";
        let Some(token) = self.tokens.get(self.at) else { return Err(self.error("something is missing here", help)) };
        let node = match &token.kind {
            TokenKind::Open => return self.group(depth),
            TokenKind::Field(name) => return self.field(name, depth),
            TokenKind::Word(text) | TokenKind::Phrase(text) => Phrase::of(text).map(Node::Phrase),
            TokenKind::Exact(text) => {
                Some(text.trim()).filter(|text| !text.is_empty()).map(|text| Node::Exact(Exact(text.to_owned())))
            }
            TokenKind::Close | TokenKind::And | TokenKind::Or | TokenKind::Not | TokenKind::Near(_) => {
                return Err(self.error("something is missing before this", help));
            }
        };
        let node =
            node.ok_or_else(|| self.error("there is no letter and no digit in it", "write a word, or remove it"))?;
        self.at += 1;
        Ok(node)
    }

    fn group(&mut self, depth: usize) -> Result<Node, QueryError> {
        if depth == DEPTH_LIMIT {
            let message = format!("groups lie more than {DEPTH_LIMIT} deep in each other");
            return Err(self.error(&message, "write fewer brackets"));
        }
        let open = self.at;
        self.at += 1;
        let node = self.any(depth + 1)?;
        if self.peek() == Some(&TokenKind::Close) {
            self.at += 1;
            return Ok(node);
        }
        self.at = open;
        Err(self.error("this bracket is not closed", "write `)` behind the group"))
    }

    /// `name:value`, `name:"a phrase"`, `name:(one OR other)`.
    fn field(&mut self, name: &str, depth: usize) -> Result<Node, QueryError> {
        let name_at = self.tokens.get(self.at).map(|token| token.span.clone()).unwrap_or_default();
        self.at += 1;
        match self.peek() {
            Some(TokenKind::Word(value) | TokenKind::Phrase(value) | TokenKind::Exact(value)) => {
                let value_at = self.tokens.get(self.at).map(|token| token.span.clone()).unwrap_or_default();
                let field = Field::read(self.query, name, value, [name_at, value_at])?;
                self.at += 1;
                Ok(Node::Field(field))
            }
            Some(TokenKind::Open) if depth < DEPTH_LIMIT => {
                let open = self.at;
                self.at += 1;
                let mut nodes = Vec::new();
                loop {
                    match self.peek() {
                        Some(TokenKind::Close) if !nodes.is_empty() => {
                            self.at += 1;
                            return Ok(one_or(nodes, Node::Any));
                        }
                        Some(TokenKind::Or) if !nodes.is_empty() => self.at += 1,
                        Some(TokenKind::Word(_) | TokenKind::Phrase(_)) => {
                            self.at -= 1;
                            // The field's own name stands for each value of the group.
                            nodes.push(self.field_value(name, &name_at)?);
                        }
                        _ => {
                            self.at = open;
                            return Err(
                                self.error("this group is none of a field", "write for instance lang:(de OR en)")
                            );
                        }
                    }
                }
            }
            _ => Err(self.error(&format!("`{name}:` has no value"), "write it right behind the colon")),
        }
    }

    fn field_value(&mut self, name: &str, name_at: &std::ops::Range<usize>) -> Result<Node, QueryError> {
        self.at += 1;
        let Some(token) = self.tokens.get(self.at) else { return Err(self.error("a value is missing", "write it")) };
        let (TokenKind::Word(value) | TokenKind::Phrase(value)) = &token.kind else {
            return Err(self.error("this is no value", "write a word"));
        };
        let field = Field::read(self.query, name, value, [name_at.clone(), token.span.clone()])?;
        self.at += 1;
        Ok(Node::Field(field))
    }
}

fn one_or(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    match nodes.pop() {
        Some(one) if nodes.is_empty() => one,
        last => {
            nodes.extend(last);
            many(nodes)
        }
    }
}

/// Whether it stands somewhere in the text.
fn has_places(node: &Node) -> bool {
    match node {
        Node::Phrase(_) | Node::Near(..) => true,
        Node::Any(nodes) => nodes.iter().all(has_places),
        Node::All(_) | Node::Not(_) | Node::Exact(_) | Node::Field(_) => false,
    }
}
