// Package client is the one way in which a server of this library talks to
// others: it fetches objects and keys, asks WebFinger and NodeInfo, reads
// media and delivers activities.
//
// Whatever address it is given comes from somebody else, so it refuses to dial
// anything but public addresses (checked on the address that is dialled, after
// every resolution and redirect), limits size after decompression and the time
// of the whole operation, and believes an object only when it was fetched from
// its own id.
package client
