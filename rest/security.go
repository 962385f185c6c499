package rest

import (
	"github.com/swaggest/openapi-go/openapi31"
)

// Scheme is a way to authenticate, as the document describes it.
type Scheme struct {
	Name        string // in the document, as "bearer"
	Description string
	HTTP        string // scheme of the Authorization header, as "bearer"; or
	Header      string // the header with the key; or
	Cookie      string // the cookie with the key
	Format      string // of a bearer token, as "JWT"
}

// BearerScheme is an access token in the Authorization header.
func BearerScheme() Scheme {
	return Scheme{Name: "bearer", HTTP: "bearer", Format: "JWT", Description: "An access token: `Authorization: Bearer …`."}
}

// APIKeyScheme is an API key in the header X-API-Key.
func APIKeyScheme() Scheme {
	return Scheme{Name: "apiKey", Header: apiKeyHeader, Description: "An API key: `X-API-Key: …`, or `Authorization: ApiKey …`."}
}

// BasicScheme is user name and password, for login routes.
func BasicScheme() Scheme {
	return Scheme{Name: "basic", HTTP: "basic", Description: "User name and password, to log in."}
}

// CookieScheme is a session cookie with the given name.
func CookieScheme(name string) Scheme {
	return Scheme{Name: "cookie", Cookie: name, Description: "A session cookie, for pages of the same origin."}
}

func (s Scheme) document() *openapi31.SecurityScheme {
	doc := &openapi31.SecurityScheme{Description: optional(s.Description)}
	switch {
	case s.HTTP == "bearer":
		doc.HTTPBearer = &openapi31.SecuritySchemeHTTPBearer{Scheme: s.HTTP, BearerFormat: optional(s.Format)}
	case s.HTTP != "":
		doc.HTTP = &openapi31.SecuritySchemeHTTP{Scheme: s.HTTP}
	case s.Cookie != "":
		doc.APIKey = &openapi31.SecuritySchemeAPIKey{Name: s.Cookie, In: openapi31.SecuritySchemeAPIKeyInCookie}
	default:
		doc.APIKey = &openapi31.SecuritySchemeAPIKey{Name: s.Header, In: openapi31.SecuritySchemeAPIKeyInHeader}
	}
	return doc
}

// schemesOf are the schemes that a route of the mode accepts, each enough by
// itself.
func (a *API) schemesOf(m AuthMode) []Scheme {
	switch m {
	case None:
		return nil
	case APIKey, Root:
		return []Scheme{APIKeyScheme()}
	case Basic:
		return []Scheme{BasicScheme()}
	}
	return a.opts.Schemes
}

// requirements are the alternatives of a route as the document writes them; an
// empty alternative is no authentication.
func (a *API) requirements(m AuthMode) []map[string][]string {
	list := []map[string][]string{}
	for _, s := range a.schemesOf(m) {
		list = append(list, map[string][]string{s.Name: {}})
	}
	if m == Optional {
		list = append(list, map[string][]string{})
	}
	return list
}

func optional[V comparable](v V) *V {
	var zero V
	if v == zero {
		return nil
	}
	return &v
}
