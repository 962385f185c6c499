package archtest_test

import (
	"slices"
	"strings"
)

const module = "github.com/joinery-go/joinery"

// rule says what one package may import directly. Packages of this module are
// named by their path in it; "." is the module root.
type rule struct {
	imports []string // packages of this module
	libs    []string // modules of others; see reasons for why
	any     bool     // the whole: wiring and house tools may import everything of this module
}

// A package under a listed one's internal folder follows that one's rule and
// may import it; <x>test follows [testRule]. Both need no entry here.
var table = map[string]rule{
	".":        {libs: list("uuid")},
	"hook":     {}, // adopted alone by apps that share nothing else with Joinery
	"logx":     {}, // imported nearly everywhere, so its dependencies would be everybody's
	"sysdeps":  {}, // runs before anything is installed
	"registry": {imports: list("."), libs: list("flect uuid")},

	"crud/query": {imports: list(". registry internal/strictjson"), libs: list("uuid")},
	"crud/sqldb": {imports: list(". logx"), libs: list("squirrel scany uuid")},

	// A backend links its own driver and no other: an app pays for what it uses.
	"crud/sqldb/pgdb":     {imports: list(". logx crud/sqldb"), libs: list("pgx squirrel scany uuid")},
	"crud/sqldb/sqlitedb": {imports: list(". logx crud/sqldb"), libs: list("sqlite uuid")},
	"crud/sqldb/mariadb":  {imports: list(". logx crud/sqldb"), libs: list("mysql uuid")},
	"crud/sqldb/mssqldb":  {imports: list(". logx crud/sqldb"), libs: list("mssql uuid")},
	"crud/sqldb/anydb":    {imports: list(". crud/sqldb", backends)},

	"crud":           {imports: list(crud, "internal/validate"), libs: list("squirrel uuid validator")},
	"crud/idemstore": {imports: list(". registry crud/sqldb"), libs: list("squirrel uuid")},

	"perm":       {imports: list(perm), libs: list("squirrel uuid")},
	"perm/teams": {imports: list(crud, perm, "crud perm"), libs: list("squirrel uuid")},

	"authn":         {imports: list(". logx"), libs: list("jwt uuid xcrypto")},
	"authn/authndb": {imports: list(". logx crud/sqldb authn"), libs: list("squirrel uuid")},
	"authn/accounts": {
		imports: list(crud, perm, "crud perm perm/teams authn authn/authndb rest"),
		libs:    list("squirrel uuid"),
	},

	"migrate": {imports: list(". logx registry crud/sqldb"), libs: list("atlas squirrel")},
	"seed":    {imports: list(". logx hook registry crud/sqldb"), libs: list("squirrel uuid yaml")},

	"rest": {
		imports: list(". logx registry crud/query internal/strictjson internal/validate"),
		libs:    list("httprouter openapi swgui cors xtime compress yaml uuid"),
	},
	"gql": {imports: list(". logx registry crud/query"), libs: list("thunder websocket")},

	"provider": {imports: list(". logx")},

	"ext":          {imports: list(ext)},
	"ext/service":  {imports: list(ext, "ext")},
	"ext/audit":    {imports: list(ext, crud, "ext ext/service crud"), libs: list("squirrel uuid")},
	"ext/database": {imports: list(ext, "ext ext/service")},
	"ext/email":    {imports: list(ext, crud, "ext ext/service crud provider"), libs: list("squirrel uuid sendgrid")},
	"ext/mfa":      {imports: list(ext, crud, "ext ext/service crud authn authn/authndb rest"), libs: list("squirrel uuid otp")},
	"ext/payment":  {imports: list(ext, crud, "ext ext/service crud provider rest"), libs: list("squirrel uuid stripe")},

	"cmd/demo":                  {any: true, libs: list("conf httprouter uuid")},
	"internal/archtest":         {},
	"internal/e2e":              {},                               // tests of the whole, no code
	"internal/e2e/interference": {},                               // likewise
	"internal/quickstart":       {any: true, libs: list("uuid")},  // the program of the README
	"internal/faultproxy":       {},                               // stands between a test's database and its client
	"internal/testdb":           {libs: list("pgx mysql goleak")}, // serves the tests of sqldb, so it cannot use it

	// What two packages share and nobody outside should see.
	"internal/strictjson": {imports: list("."), libs: list("uuid")},
	"internal/validate":   {imports: list(". registry"), libs: list("validator")},
}

const (
	backends = "crud/sqldb/pgdb crud/sqldb/sqlitedb crud/sqldb/mariadb crud/sqldb/mssqldb"
	crud     = ". hook logx registry crud/query crud/sqldb"
	perm     = ". logx registry crud/query crud/sqldb"
	ext      = ". logx registry crud/sqldb migrate"
)

// libraries names the modules of others and why a package may need one.
var libraries = map[string]struct{ path, why string }{
	"atlas":      {"ariga.io/atlas", "schema inspection and diff on all databases"},
	"compress":   {"github.com/klauspost/compress", "gzip of answers with the right headers"},
	"conf":       {"github.com/ardanlabs/conf/v3", "flags and environment of the demo"},
	"cors":       {"github.com/rs/cors", "the CORS protocol"},
	"flect":      {"github.com/gobuffalo/flect", "plural table names"},
	"goleak":     {"go.uber.org/goleak", "tests: goroutines left over"},
	"httprouter": {"github.com/julienschmidt/httprouter", "the router rest mounts on"},
	"is":         {"github.com/matryer/is", "tests: assertions"},
	"jsonschema": {"github.com/santhosh-tekuri/jsonschema/v6", "tests: answers against the schemas of the OpenAPI document"},
	"jwt":        {"github.com/golang-jwt/jwt/v5", "tokens"},
	"mssql":      {"github.com/microsoft/go-mssqldb", "the driver for SQL Server"},
	"mysql":      {"github.com/go-sql-driver/mysql", "the driver for MariaDB"},
	"openapi":    {"github.com/swaggest/openapi-go", "the OpenAPI 3.1 document model"},
	"otp":        {"github.com/pquerna/otp", "one-time passwords"},
	"pgx":        {"github.com/jackc/pgx/v5", "the driver for PostgreSQL"},
	"rapid":      {"pgregory.net/rapid", "tests: property tests"},
	"scany":      {"github.com/georgysavva/scany/v2", "scanning an app's own SQL into structs"},
	"sendgrid":   {"github.com/sendgrid/sendgrid-go", "mail"},
	"sqlite":     {"modernc.org/sqlite", "SQLite without a C compiler"},
	"squirrel":   {"github.com/Masterminds/squirrel", "every SELECT, INSERT, UPDATE and DELETE"},
	"stripe":     {"github.com/stripe/stripe-go/v76", "payments"},
	"swgui":      {"github.com/swaggest/swgui", "the documentation page, served locally"},
	"thunder":    {"github.com/samsarahq/thunder", "the GraphQL engine"},
	"uuid":       {"github.com/google/uuid", "ids, version 7"},
	"validator":  {"github.com/go-playground/validator/v10", "the validate tags of entities"},
	"websocket":  {"github.com/coder/websocket", "subscriptions"},
	"xcrypto":    {"golang.org/x/crypto", "argon2id"},
	"xtime":      {"golang.org/x/time", "rate limits"},
	"yaml":       {"gopkg.in/yaml.v3", "the YAML form of the OpenAPI document, files of seeds"},
}

// testLibraries may be used by the tests of every package: with the drivers
// they look at what a package has really written.
var testLibraries = list("is rapid goleak uuid pgx sqlite mysql squirrel")

// links bans what a package must not link even through others.
var links = []struct{ pkg, ban, why string }{
	{".", "squirrel", "everything imports the root, also what has no database"},
	{"registry", "squirrel", "rest and gql import registry and work without SQL"},
	{"rest", "squirrel", "rest serves any service that satisfies its interfaces, also one without SQL"},
	{"gql", "squirrel", "gql serves any service that satisfies its interfaces, also one without SQL"},
	{"crud/sqldb", "pgx", "the contract links no driver"},
	{"crud/sqldb", "sqlite", "the contract links no driver"},
	{"crud", "pgx", "an app on SQLite must not link the driver for PostgreSQL"},
	{"crud", "sqlite", "an app on PostgreSQL must not link SQLite, which takes half of the compile time"},
	{"perm", "sqlite", "an app on PostgreSQL must not link SQLite"},
	{"crud/sqldb/pgdb", "sqlite", "a backend links its own driver only"},
	{"crud/sqldb/sqlitedb", "pgx", "a backend links its own driver only"},
}

// A set that is adopted together, and the most modules of others it may link.
var (
	adopted    = list("crud perm rest crud/sqldb/pgdb")
	maxModules = 40
)

// testRule is the rule of crud/crudtest and the like, which are the suite of
// crud for its users: what crud may, crud and the backends.
func testRule(of string, tested rule) rule {
	r := rule{
		imports: append(list(of, backends, ". logx crud/sqldb"), tested.imports...),
		libs:    append(list("is rapid uuid squirrel"), tested.libs...),
	}
	switch of {
	case "crud", "rest":
		r.imports = append(r.imports, list(crud, perm, "crud perm perm/teams")...)
	}
	if of == "rest" {
		r.libs = append(r.libs, "jsonschema")
	}
	return r
}

// list splits names at spaces.
func list(names ...string) []string { return strings.Fields(strings.Join(names, " ")) }

// testOnly tells whether a package may be imported from tests only: the suites,
// and helpers of tests, which are internal and have a name ending in test.
func testOnly(pkg string) bool {
	helper := strings.Contains(pkg, "/internal/") && strings.HasSuffix(pkg, "test")
	return pkg == "internal/testdb" || pkg == "internal/faultproxy" || helper || suiteOf(pkg) != ""
}

// suiteOf returns crud for crud/crudtest, and "" for what is no suite.
func suiteOf(pkg string) string {
	parent, base, found := cutLast(pkg)
	_, name, nested := cutLast(parent)
	if !nested {
		name = parent
	}
	if found && base == name+"test" {
		return parent
	}
	return ""
}

func cutLast(path string) (parent, base string, found bool) {
	i := strings.LastIndex(path, "/")
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

// ruleOf finds the rule of a package, and reports false for an unlisted one.
func ruleOf(pkg string) (rule, bool) {
	if r, ok := table[pkg]; ok {
		return r, true
	}
	if owner, _, ok := strings.Cut(pkg, "/internal/"); ok {
		r, listed := ruleOf(owner)
		r.imports = append(list(owner), r.imports...)
		if testOnly(pkg) {
			r.imports = append(r.imports, list(backends, "internal/testdb")...)
			r.libs = append(slices.Clone(r.libs), testLibraries...)
		}
		return r, listed
	}
	if of := suiteOf(pkg); of != "" {
		tested, listed := ruleOf(of)
		return testRule(of, tested), listed
	}
	return rule{}, false
}
