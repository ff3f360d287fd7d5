//go:build !race

package results

// fewer divides the size of the tests that the race detector slows down.
const fewer = 1

// slack multiplies their tolerances.
const slack = 1
