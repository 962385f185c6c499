package testdb

// kind is how one kind of database server is called: in messages and in
// JOINERY_TEST_REQUIRE, and the variable that names an existing server.
type kind struct{ name, variable string }

var (
	postgresKind = kind{"postgres", "JOINERY_TEST_POSTGRES"}
	mariadbKind  = kind{"mariadb", "JOINERY_TEST_MARIADB"}
)
