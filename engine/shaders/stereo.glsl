// SPDX-License-Identifier: Apache-2.0
// Which eye a vertex is drawn for and how it gets into that eye's layer. One source, three variants (gpu/stereo.h, engine/CMakeLists.txt).
#define ACCALMIE_STEREO_LAYERED 0
#define ACCALMIE_STEREO_MULTIVIEW 1
#define ACCALMIE_STEREO_TWO_PASSES 2

#if ACCALMIE_STEREO == ACCALMIE_STEREO_LAYERED
#extension GL_ARB_shader_viewport_layer_array : require
int eye_drawn() { return gl_InstanceIndex & 1; }
void into_layer(int eye) { gl_Layer = eye; }
#elif ACCALMIE_STEREO == ACCALMIE_STEREO_MULTIVIEW
#extension GL_EXT_multiview : require
int eye_drawn() { return gl_ViewIndex; }
void into_layer(int eye) {}
#else
int eye_drawn() { return gl_InstanceIndex; }  // the first instance is the pass's number
void into_layer(int eye) {}
#endif
