/** The address of data.json, which the build makes (www/build/plugin.js). */
declare module 'virtual:data' {
  const url: string;
  export default url;
}
