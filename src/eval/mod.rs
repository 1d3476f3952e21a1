//! Gold files, and scores of records against them.
