//! Places on the map: cities and airports by the names people use for them, and distances between them.
