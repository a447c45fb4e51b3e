//! The one integration binary: a module per theme.

mod architecture;
