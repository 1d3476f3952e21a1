//! From files to stored incidents.
