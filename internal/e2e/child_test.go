package e2e_test

const childURL = "JOINERY_E2E_CHILD"

func serveAsChild(url string) {}
