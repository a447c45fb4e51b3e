//! Turns the markup of an item into the text that a person would read.
