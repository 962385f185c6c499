package logx_test

import (
	"bytes"
	"strings"
	"testing"
)

// A client may choose what is logged, so no text may take the square of its
// length: these would then need minutes each, and the test would not end.
func TestLongTextsTakeLinearTime(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"://", "://a:b@", "token=", "token='", "=", "eyJaaaaaaaaa.", "SG.", "basic ", "a:@tcp(", "\x1b", "aB"} {
		var out bytes.Buffer
		newLogger("foreign", &out, nil).Info("m", "x", strings.Repeat(part, 1<<20/len(part)))
	}
}
