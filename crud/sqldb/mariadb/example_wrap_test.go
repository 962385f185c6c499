package mariadb_test

import (
	"database/sql"
	"fmt"

	"github.com/go-sql-driver/mysql"

	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
)

// An app keeps the pool that it has, and closes it.
func ExampleWrap() {
	config := mysql.NewConfig()
	config.Net, config.Addr, config.DBName, config.User = "tcp", "localhost:3306", "app", "app"
	config.ClientFoundRows = true
	config.Params = map[string]string{
		"charset":                  "utf8mb4",
		"collation_connection":     "utf8mb4_nopad_bin",
		"max_recursive_iterations": "4294967295",
		"max_statement_time":       "10",
		"optimizer_switch":         "'index_merge=off'",
		"sql_mode":                 "'STRICT_ALL_TABLES'",
		"time_zone":                "'+00:00'",
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	pool := sql.OpenDB(connector)
	defer pool.Close()
	db := mariadb.Wrap(pool, nil)
	same, ok := mariadb.Pool(db)
	fmt.Println(db.Dialect().Name(), same == pool, ok)
	// Output: mariadb true true
}
