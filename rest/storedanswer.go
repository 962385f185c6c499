package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// answerRecorder keeps what a handler answers, to be stored and sent later.
type answerRecorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (w *answerRecorder) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *answerRecorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

// Write implements http.ResponseWriter.
func (w *answerRecorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// answerHead is the first line of a stored answer; the body follows as it is.
type answerHead struct {
	Status int         `json:"status"`
	Header http.Header `json:"header"`
}

func (w *answerRecorder) encode() ([]byte, error) {
	if w.status == 0 || w.status >= http.StatusInternalServerError {
		return nil, fmt.Errorf("rest: an answer with status %d is not stored", w.status)
	}
	w.header.Del("Content-Length")
	head, err := json.Marshal(answerHead{w.status, w.header})
	if err != nil {
		return nil, err
	}
	return append(append(head, '\n'), w.body.Bytes()...), nil
}

// sendAnswer sends what was stored.
func sendAnswer(w http.ResponseWriter, r *http.Request, stored []byte, replayed bool) error {
	line, body, found := bytes.Cut(stored, []byte("\n"))
	var head answerHead
	if err := json.Unmarshal(line, &head); err != nil || !found {
		return errors.Join(errors.New("rest: the stored answer cannot be read"), err)
	}
	h := w.Header()
	for name, values := range head.Header {
		h[name] = values
	}
	if replayed {
		h.Set(replayedHeader, "true")
	}
	if len(body) == 0 {
		w.WriteHeader(head.Status)
		return nil
	}
	writeBody(w, r, head.Status, body)
	return nil
}

// withBody is the request with a body that is in memory, to be read anew.
func withBody(r *http.Request, body []byte) *http.Request {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r
}
