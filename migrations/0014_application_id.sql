-- Says in the header of the file whose it is: "waqi" in ASCII. A file with tables and without this mark is not touched, unless it is a base
-- from before (src/store/inspect.rs).
pragma application_id = 2002874729;
