//! Web pages: articles, comments under them, reviews, threads.

mod tree;
