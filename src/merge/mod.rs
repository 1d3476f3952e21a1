//! When two documents tell of one incident, and what follows for the base. Pure: the store carries plans out.
