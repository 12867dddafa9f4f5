declare module 'virtual:data' {
  const url: string;
  export default url;
}
