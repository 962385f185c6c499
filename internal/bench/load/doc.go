// Package load sends HTTP requests in a closed loop and keeps the time of each.
//
// A fixed number of workers each hold one connection and send their next
// request when the last one is answered. Requests are bytes made beforehand, so
// that the generator takes as little as it can of the processors it shares with
// what it measures.
package load
