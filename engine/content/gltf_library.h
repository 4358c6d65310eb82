// SPDX-License-Identifier: Apache-2.0
// Owns: the one way to include tinygltf (its implementation is in gltf_library.cpp; pictures are decoded by picture_file.cpp).
#pragma once

#define TINYGLTF_NO_STB_IMAGE
#define TINYGLTF_NO_STB_IMAGE_WRITE
#define TINYGLTF_NO_INCLUDE_STB_IMAGE
#define TINYGLTF_NO_INCLUDE_STB_IMAGE_WRITE
#define TINYGLTF_USE_CPP14
#include <tiny_gltf.h>
