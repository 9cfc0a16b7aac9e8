// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)

// usage: cilium_ebpf PIN MEMBER
//
// What cilium/ebpf, which knows nothing of control maps, finds behind a PIN: the map, then
// each key and the MEMBER, of 64 bits, of its value, where the map's BTF says that it is.
package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// offsetOf says where a member is in the one struct of the map's BTF that has it.
func offsetOf(info *ebpf.MapInfo, member string) uint32 {
	id, ok := info.BTFID()
	if !ok {
		log.Fatal("no BTF")
	}
	handle, err := btf.NewHandleFromID(id)
	check(err)
	defer handle.Close()
	spec, err := handle.Spec(nil)
	check(err)
	for typ, err := range spec.All() {
		check(err)
		if s, ok := typ.(*btf.Struct); ok {
			for _, m := range s.Members {
				if m.Name == member {
					return m.Offset.Bytes()
				}
			}
		}
	}
	log.Fatalf("no member %s in BTF %d", member, id)
	return 0
}

func main() {
	var key, value []byte

	log.SetFlags(0)
	m, err := ebpf.LoadPinnedMap(os.Args[1], nil)
	check(err)
	info, err := m.Info()
	check(err)
	offset := offsetOf(info, os.Args[2])
	fmt.Println(uint32(info.Type), info.Name, info.KeySize, info.ValueSize)
	entries := m.Iterate()
	for entries.Next(&key, &value) {
		fmt.Println(binary.LittleEndian.Uint32(key),
			binary.LittleEndian.Uint64(value[offset:]))
	}
	check(entries.Err())
}
