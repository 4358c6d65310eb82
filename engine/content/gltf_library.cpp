// SPDX-License-Identifier: Apache-2.0
// tinygltf's code, compiled once; its warnings are not ours.
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#define TINYGLTF_IMPLEMENTATION
#include "engine/content/gltf_library.h"
