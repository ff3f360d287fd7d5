package results

// ReadEnvironment describes this host.
func ReadEnvironment(zbenchVersion string, engines map[string]string) Environment {
	return Environment{Zbench: zbenchVersion, Engines: engines}
}
