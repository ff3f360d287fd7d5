//go:build !linux

package main

func pin(int) {}

func mayFIFO() bool { return false }
