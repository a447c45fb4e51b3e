//! The two documents that `porterhouse init` writes.

/// The documents of a new configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// What to listen to.
    pub sources: &'static str,
    /// How to run and whom to tell.
    pub settings: &'static str,
}

/// A small configuration with comments, which `check` accepts as it stands.
#[must_use]
pub fn init_template() -> Template {
    Template { sources: include_str!("template/sources.toml"), settings: include_str!("template/porterhouse.toml") }
}
