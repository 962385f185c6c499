package logx_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"
)

// A client may choose what is logged, so no text may take the square of its
// length: 256 kB would then need minutes.
func TestLongTextsTakeLinearTime(t *testing.T) {
	t.Parallel()
	start := time.Now()
	for _, part := range []string{"://", "://a:b@", "token=", "token='", "=", "eyJaaaaaaaaa.", "SG.", "basic ", "a:@tcp(", "\x1b", "aB"} {
		var out bytes.Buffer
		newLogger("foreign", &out, nil).Info("m", "x", strings.Repeat(part, 256<<10/len(part)))
	}
	is.New(t).True(time.Since(start) < 10*time.Second)
}
