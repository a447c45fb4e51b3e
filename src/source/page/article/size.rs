//! How much text lies where in a page.

use crate::source::page::node::{ByNode, Nodes, Step, is_silent, walk};
use ego_tree::{NodeId, NodeRef};
use scraper::Node;

/// What a part of a page holds.
#[derive(Debug, Default, Clone, Copy)]
pub struct Size {
    /// Bytes of text, blanks at the ends of its pieces not counted.
    pub n_bytes: usize,
    /// Bytes of text in links.
    pub n_linked: usize,
    /// Bytes of text in paragraphs.
    pub n_in_paragraphs: usize,
    /// How many paragraphs it has.
    pub n_paragraphs: usize,
}

impl Size {
    /// The share of its text that is in links, 0 to 1.
    #[must_use]
    pub fn link_density(self) -> f64 {
        self.n_linked as f64 / self.n_bytes.max(1) as f64
    }

    fn add(&mut self, other: Self) {
        self.n_bytes += other.n_bytes;
        self.n_linked += other.n_linked;
        self.n_in_paragraphs += other.n_in_paragraphs;
        self.n_paragraphs += other.n_paragraphs;
    }
}

/// The size of `root` and of each element in it, without what is in `cut`. Linear.
#[must_use]
pub fn sizes(root: NodeRef<'_, Node>, cut: &Nodes) -> ByNode<Size> {
    let sizes = std::cell::RefCell::new(ByNode::<Size>::default());
    let open = std::cell::RefCell::new(Vec::<(NodeId, Size)>::new());
    walk(
        root,
        |node| {
            if cut.contains(&node.id()) || node.value().as_element().is_some_and(|element| is_silent(element.name())) {
                return Step::Over;
            }
            let mut size = Size::default();
            match node.value() {
                Node::Text(text) => size.n_bytes = text.trim().len(),
                Node::Element(element) if element.name() == "p" => size.n_paragraphs = 1,
                _ => {}
            }
            open.borrow_mut().push((node.id(), size));
            Step::In
        },
        |node| {
            let mut open = open.borrow_mut();
            let Some((id, mut size)) = open.pop() else { return };
            match node.value().as_element().map(scraper::node::Element::name) {
                Some("a") => size.n_linked = size.n_bytes,
                Some("p") => size.n_in_paragraphs = size.n_bytes,
                _ => {}
            }
            if let Some((_, outer)) = open.last_mut() {
                outer.add(size);
            }
            if node.value().is_element() {
                sizes.borrow_mut().insert(id, size);
            }
        },
    );
    sizes.into_inner()
}
