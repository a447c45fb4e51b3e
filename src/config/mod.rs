//! The two documents `sources.toml` and `porterhouse.toml`: read, checked, every mistake told at once.
