-- What an actor belongs to is looked up value by value, so that an actor with thousands of relations costs what its owners do.
create index actor_relation_by_owner on actor_relation (subject_id, relation, object_id);
drop index actor_relation_by_subject;
