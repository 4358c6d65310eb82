// SPDX-License-Identifier: Apache-2.0
// Owns: the one way to include the Vulkan Memory Allocator (its implementation is in vma.cpp).
#pragma once

#define VMA_STATIC_VULKAN_FUNCTIONS 1
#define VMA_DYNAMIC_VULKAN_FUNCTIONS 0
#define VMA_VULKAN_VERSION 1003000

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <vk_mem_alloc.h>
#pragma GCC diagnostic pop
