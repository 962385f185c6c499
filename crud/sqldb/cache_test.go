package sqldb_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
)

func TestCache(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	c := sqldb.Cache[string, int]{Limit: 2}
	_, ok := c.Get("a")
	is.True(!ok)
	made := 0
	make := func() (int, error) { made++; return made, nil }
	for range 3 {
		v, err := c.GetOr("a", make)
		is.NoErr(err)
		is.Equal(v, 1)
	}
	_, err := c.GetOr("b", func() (int, error) { return 0, errors.New("no") })
	is.True(err != nil)
	is.Equal(c.Len(), 1) // what failed is not kept
	for _, k := range []string{"b", "c", "d"} {
		_, err := c.GetOr(k, make)
		is.NoErr(err)
		is.True(c.Len() <= 2)
		_, ok := c.Get(k)
		is.True(ok) // the newest is always in
	}
}

func TestCacheIsBoundedByDefault(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var c sqldb.Cache[int, int]
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 2000 {
				v, _ := c.GetOr(i, func() (int, error) { return i, nil })
				if v != i {
					t.Errorf("%d: %d by %d", i, v, g)
				}
			}
		})
	}
	wg.Wait()
	is.True(c.Len() <= 1024)
}
